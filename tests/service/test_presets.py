"""Several presets in one service: each by its name, the first where none is named, never mixed."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import summarizer
from summarizer.chain import Chain
from summarizer.errors import ConfigError, ModelFailed
from summarizer.models.protocol import Options
from summarizer.service.app import create_app
from summarizer.service.limits import Limits
from summarizer.testing import FakeModel, fake_config
from tests.service.shared import ARTICLE, ROOT, wait_until_ready

TEXT = "Der Hund bellt laut."


class Noted(FakeModel):
    """Translates behind its own mark, and keeps the batches it was given."""

    def __init__(self, mark: str) -> None:
        super().__init__(reply=lambda text, _options: f"{mark} {text}")
        self.batches: list[list[str]] = []

    def generate(self, texts: Any, options: Options) -> Any:
        self.batches.append(list(texts))
        return super().generate(texts, options)


def chain(name: str, model: FakeModel, **settings: Any) -> Chain:
    made = summarizer.load(fake_config(name=name, **settings))
    made.translator.model = model  # type: ignore[union-attr]
    return made


@pytest.fixture
def models() -> dict[str, Noted]:
    return {"quick": Noted("«q»"), "good": Noted("«g»")}


@pytest.fixture
def client(models: dict[str, Noted]) -> Iterator[TestClient]:
    """Two presets; the second takes short texts only and tells both to one language."""
    few = {"max_characters": 300, "description": "slower"}
    made = [chain("quick", models["quick"]), chain("good", models["good"], **few)]
    with TestClient(create_app(*made, page=False)) as client:
        wait_until_ready(client)
        yield client


def pair(source: str, target: str) -> dict[str, Any]:
    languages = {"source": [source], "target": [target]}
    return {"model": "tests.service.test_presets:Pair", "licence": f"{source}-{target}", "languages": languages}


class Pair(FakeModel):
    """A model of the pairs that its section names; it says what it makes of what."""

    def __init__(self, settings: Any) -> None:
        super().__init__(
            reply=lambda text, options: f"{options.source}→{options.target} {text}",
            pairs=lambda source, target: f"{source}-{target}" in settings.languages,
        )


def test_several_translation_models_in_one_preset() -> None:
    """/v1/info names each with its licence and the languages of all; a warm-up tries both; tokens are counted."""
    made = summarizer.load(fake_config(translation=[pair("de", "en"), pair("en", "fr")]))
    with TestClient(create_app(made, page=False)) as client:
        wait_until_ready(client)
        tried = [each.model.generated > 0 for each in made.translator.several]  # type: ignore[union-attr]
        info = client.get("/v1/info").json()
        answer = summarize(client, to=["fr"]).json()
        refused = summarize(client, to=["de"], language="fr").json()
        written = client.get("/metrics").text
    assert tried == [True, True]  # into English, and through it into French
    assert {name: model["licence"] for name, model in info["models"].items()} == {
        "summary": None,
        "translation[0]": "de-en",
        "translation[1]": "en-fr",
    }
    assert info["languages"] == {"source": ["de", "en"], "target": ["en", "fr"]}
    assert answer["translation"] == f"en→fr de→en {TEXT}"
    assert [found["kind"] for found in answer["findings"] if found["kind"] == "pivot"] == ["pivot"]
    assert refused["error"]["type"] == "LanguageNotSupported"
    assert 'summarizer_tokens_total{preset="fake"} 6.0' in written


@pytest.mark.parametrize(
    ("pairs", "read", "tried"),
    [
        (["en-fr"], "*", [True]),
        (["en-fr", "en-de"], "*", [True, True]),
        (["fr-en", "es-en"], "*", [True, True]),
        (["de-en", "fr-en"], "*", [True, True]),
        (["de-en", "en-fr"], "de", [True, True]),  # the second by way of the first
        (["de-en", "en-fr"], "en", [False, True]),  # nothing German is read here
        (["de-en"], "en", [False]),
    ],
)
def test_ready_in_other_languages_than_german(pairs: list[str], read: str, tried: list[bool]) -> None:
    """A service that reads other languages becomes ready, and only after its models had something to do."""
    sections = [pair(*each.split("-")) for each in pairs]
    made = summarizer.load(fake_config(translation=sections, summary={"model": "extractive", "languages": [read]}))
    several = made.translator.several if len(pairs) > 1 else [made.translator]  # type: ignore[union-attr]
    with TestClient(create_app(made, page=False)) as client:
        wait_until_ready(client)
        assert [each.model.generated > 0 for each in several] == tried  # type: ignore[union-attr]


def summarize(client: TestClient, **asked: Any) -> Any:
    return client.post("/v1/summarize", json={"text": TEXT, **asked})


def test_a_request_names_its_preset(client: TestClient) -> None:
    """The first is meant where none is named; the signature says which it was."""
    for preset, mark in [({}, "«q»"), ({"preset": "quick"}, "«q»"), ({"preset": "good"}, "«g»")]:
        answer = summarize(client, **preset).json()
        assert answer["translation"] == f"{mark} {TEXT}"
        assert f"preset={preset.get('preset', 'quick')} " in answer["signature"]


@pytest.mark.parametrize("name", ["hub", "", "QUICK", "x" * 5000])
def test_an_unknown_preset_is_told_the_others(client: TestClient, name: str) -> None:
    """For an article, a row, and a batch as a whole."""
    row = json.dumps({"text": TEXT, "preset": name})
    (line,) = client.post("/v1/batch", content=row).text.splitlines()
    answers = [summarize(client, preset=name), client.post("/v1/batch", params={"preset": name}, content=row)]
    assert [answer.status_code for answer in answers] == [400, 400]
    for said in [*(answer.json() for answer in answers), json.loads(line)]:
        assert said["error"]["type"] == "ConfigError"
        assert said["error"]["message"].endswith("choose from: quick, good")
        assert len(said["error"]["message"]) < 200


def test_rows_may_name_different_presets(client: TestClient) -> None:
    """The address names one for all, a row another for itself."""
    rows = [{"text": TEXT}, {"text": TEXT, "preset": "quick"}]
    answer = client.post("/v1/batch?preset=good", content="\n".join(map(json.dumps, rows)))
    assert [json.loads(line)["translation"][:3] for line in answer.text.splitlines()] == ["«g»", "«q»"]


def test_answers_are_kept_apart(client: TestClient) -> None:
    """The same text under another preset is no hit; the default by name and without one is."""
    hits = [summarize(client, **said).headers["x-cache"] for said in ({}, {"preset": "good"}, {"preset": "quick"})]
    assert hits == ["miss", "miss", "hit"]


def test_each_preset_has_its_own_bounds(client: TestClient) -> None:
    """An article that one preset takes may be too long for another."""
    assert summarize(client, text=ARTICLE).status_code == 200
    answer = summarize(client, text=ARTICLE, preset="good")
    assert (answer.status_code, "takes 300" in answer.text) == (413, True)


def test_info_lists_them(client: TestClient) -> None:
    """The default first, with what each is made of."""
    info = client.get("/v1/info").json()
    assert info["preset"] == "quick"
    told = [(one["preset"], one["description"], one["characters"]) for one in info["presets"]]
    assert told == [("quick", "", 200_000), ("good", "slower", 300)]
    assert info["presets"][1]["languages"] == {"source": ["*"], "target": ["*"]}


def test_metrics_tell_them_apart(client: TestClient) -> None:
    """By names that the operator chose, never by those that a client sends; at nought from the start."""
    assert 'summarizer_batch_articles_count{preset="good"} 0.0' in client.get("/metrics").text
    summarize(client, preset="good")
    summarize(client, preset="invented")
    said = client.get("/metrics").text
    assert 'summarizer_batch_articles_count{preset="good"} 1.0' in said
    assert 'summarizer_cache_total{found="miss",preset="good"} 1.0' in said
    assert 'summarizer_stage_seconds_count{preset="good",stage="summary"} 1.0' in said
    assert 'summarizer_tokens_total{preset="quick"} 0.0' in said
    assert "invented" not in said


def test_batches_are_of_one_preset() -> None:
    """What waits is merged within a preset; no text reaches another's model."""
    gate, begun = threading.Event(), threading.Event()

    def held(text: str, _options: Options) -> str:
        begun.set()
        gate.wait(60)
        return text

    first, second = FakeModel(reply=held), Noted("«g»")
    app = create_app(chain("first", first), chain("second", second), limits=Limits(cache=0), page=False)
    texts = [f"Der Hund Nummer {number} bellt." for number in range(4)]
    with TestClient(app) as client:
        assert begun.wait(60)  # the warm-up of the first holds the worker
        said: dict[str, str] = {}

        def ask(text: str, preset: str) -> None:
            said[text] = summarize(client, text=text, preset=preset, sentences=1).json()["translation"]

        asking = [
            threading.Thread(target=ask, args=(text, name))
            for text, name in zip(texts, ["first", "second"] * 2, strict=True)
        ]
        for thread in asking:
            thread.start()
        while app.state.service.desk.waiting < 4:
            gate.wait(0.01)
        gate.set()
        for thread in asking:
            thread.join(60)
    assert [said[text][:3] for text in texts] == ["Der", "«g»", "Der", "«g»"]
    assert [sorted(batch) for batch in second.batches if texts[1] in batch] == [[texts[1], texts[3]]]


def test_each_is_warmed() -> None:
    """Not ready while one does not work, and its name is told."""

    def broken(_text: str, _options: Options) -> str:
        raise ModelFailed("the weights are damaged")

    app = create_app(chain("good", Noted("«g»")), chain("bad", FakeModel(reply=broken)), page=False)
    with TestClient(app) as client:
        while not app.state.service.warmed:
            threading.Event().wait(0.01)
        answer = client.get("/health/ready")
        assert answer.status_code == 503
        assert "the first sentence of preset 'bad' failed: ModelFailed: the weights are damaged" in answer.text


def test_all_are_closed(models: dict[str, Noted]) -> None:
    """The app owns what it was given."""
    with TestClient(create_app(*(chain(name, model) for name, model in models.items()), page=False)) as client:
        wait_until_ready(client)
    assert [model.closed for model in models.values()] == [True, True]


def test_two_of_one_name_are_refused() -> None:
    """A request could not say which it means."""
    with pytest.raises(ConfigError, match="two presets are called 'twin'"):
        create_app(chain("twin", Noted("a")), chain("twin", Noted("b")), page=False)
    with pytest.raises(ConfigError, match="needs a preset"):
        create_app(page=False)


def test_the_command_line_loads_them(tmp_path: Path) -> None:
    """``serve`` with two presets, a bound on articles and tools: as it is started in earnest."""
    text = "summary: {model: extractive}\ntranslation: {model: 'summarizer.testing:FakeModel'}\n"
    files = [tmp_path / f"{name}.yaml" for name in ("eins", "zwei")]
    for file in files:
        file.write_text(text)
    presets = [part for file in files for part in ("--preset", str(file))]
    command = [sys.executable, "-m", "summarizer", "serve", "--port", "0", *presets, "--characters", "300", "--mcp"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        address = process.stderr.readline().split()[3]
        info = json.load(urllib.request.urlopen(f"{address}/v1/info", timeout=30))
        assert [one["preset"] for one in info["presets"]] == ["eins", "zwei"]
        assert info["limits"]["characters"] == 300
        asked = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"}).encode()
        headers = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
        request = urllib.request.Request(f"{address}/mcp", asked, headers)
        assert json.load(urllib.request.urlopen(request, timeout=30))["id"] == 1
    finally:
        process.kill()
        process.communicate()
