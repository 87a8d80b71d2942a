"""Presets of instruction models, end to end: from YAML over the command line to a checked result."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import summarizer
from summarizer.config import Config
from summarizer.errors import ConfigError, ModelFailed, ModelNotFound
from summarizer.models import registry
from summarizer.models.chat import shared
from summarizer.models.chat.settings import ChatSettings
from summarizer.models.protocol import Options
from summarizer.models.settings import Settings
from summarizer.text.prompts import SUMMARY, TRANSLATION
from tests import tiny_chat
from tests.chat_server import ChatServer, serving
from tests.lessons import FEW

GERMAN, ENGLISH = tiny_chat.SHORT, f"{FEW[0][1]} {FEW[2][1]}"


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with serving() as chat:
        yield chat


def preset(**part: Any) -> dict[str, Any]:
    """Both steps by the same model, with the prompts they have of themselves."""
    return {"summary": {"model": "chat", **part}, "translation": {"model": "chat", **part}}


def local(folder: Path, **more: Any) -> dict[str, Any]:
    return preset(weights=str(folder), precision="float32", **more)


@pytest.mark.parametrize("engine", ["transformers", "ct2"])
def test_one_model_writes_and_translates(engine: str, folder_of: Callable[[str], Path], tmp_path: Path) -> None:
    """Lines have evidence, translations stand by their lines, and one copy of the weights serves both steps."""
    before = len(shared._OPEN)
    own = shutil.copytree(folder_of("llama"), tmp_path / "own")  # other tests may have theirs open
    config = Config.parse(local(own, engine=engine), origin="test")
    with summarizer.load(config) as chain:
        assert len(shared._OPEN) == before + 1
        result = chain(tiny_chat.ARTICLE, to="en", language="de")
    assert len(shared._OPEN) == before
    assert (result.summary, result.translation) == (GERMAN, ENGLISH)
    assert [span.text for line in result.lines for span in line.evidence][:1] == [FEW[0][0]]
    assert "summary=chat" in result.signature


def test_a_chain_that_cannot_be_made_holds_nothing(folder_of: Callable[[str], Path], tmp_path: Path) -> None:
    """The translator is open when the summariser's weights turn out to be missing; it is freed again."""
    before = len(shared._OPEN)
    translation = local(folder_of("llama"))["translation"]
    config = Config.parse(
        {"summary": {"model": "ct2", "weights": str(tmp_path / "none")}, "translation": translation}, origin="test"
    )
    with pytest.raises(ModelNotFound, match="none"):
        summarizer.load(config)
    assert len(shared._OPEN) == before


def test_a_preset_file_on_the_command_line(server: ChatServer, tmp_path: Path) -> None:
    """``summarizer run --preset my-chat.yaml`` with a server behind it; the key is read from the environment."""
    server.key = "sk-secret-77"
    path = tmp_path / "my-chat.yaml"
    told = {"url": server.url, "model": "clerk", "key": "MY_KEY"}
    path.write_text(json.dumps(preset(server=told)))  # JSON is YAML
    command = [sys.executable, "-m", "summarizer", "run", "-", "--preset", str(path), "--to", "en", "--format", "json"]
    environment = {"PATH": "", "PYTHONPATH": str(Path(summarizer.__file__).parent.parent)}
    run: Any = lambda **more: subprocess.run(  # noqa: E731
        command, input=tiny_chat.ARTICLE, capture_output=True, text=True, env={**environment, **more}, check=False
    )
    done = run(MY_KEY=server.key)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["summary"], result["translation"]) == (GERMAN, ENGLISH)
    assert "sk-secret" not in done.stdout + done.stderr
    assert f"chat:clerk@{server.url.split('/')[2]}" in result["signature"]
    refused = run()
    assert (refused.returncode, "MY_KEY, which is not set" in refused.stderr) == (2, True)
    wrong = run(MY_KEY="sk-wrong-1")
    assert (wrong.returncode, "refuses the key in MY_KEY" in wrong.stderr, "sk-wrong" in wrong.stderr) == (
        3,
        True,
        False,
    )


def test_a_prompt_is_filled_in_words(server: ChatServer) -> None:
    """Languages by their names, the number of sentences as asked for, one sentence per translation prompt."""
    config = Config.parse(preset(server={"url": server.url, "model": "clerk"}), origin="test")
    with summarizer.load(config) as chain:
        chain(tiny_chat.ARTICLE, to="en", sentences=2, language="de")
    asked = [body["messages"][-1]["content"] for body in server.seen]
    assert asked[0].startswith("Summarise the following article in at most 2 sentence(s), in German.")
    assert sorted(asked[1:]) == sorted(
        TRANSLATION.format(language="German", target="English", text=text) for text in (FEW[0][0], FEW[2][0])
    )


def test_an_answer_in_the_wrong_language_is_a_finding(server: ChatServer) -> None:
    """A translation that is none. An English summary of a German article gives way to the article's own words."""
    english = "The mayor of the town opened the new bridge over the river with many guests."
    server.rule = lambda prompt: (
        english
        if prompt.startswith("Summarise")
        else "Der Bürgermeister der Stadt eröffnete die neue Brücke über den Fluss mit vielen Gästen."
    )
    config = Config.parse(preset(server={"url": server.url, "model": "clerk"}), origin="test")
    with summarizer.load(config) as chain:
        result = chain(tiny_chat.ARTICLE, to="en", language="de")
    found = {(finding.step, finding.kind, finding.value) for finding in result.flagged}
    assert {kind for step, kind, _ in found if step == "translation"} >= {"language"}
    assert {value for step, kind, value in found if (step, kind) == ("summary", "unsupported")} == {english}
    assert english not in result.summary


def test_an_answer_that_was_cut_is_a_finding(server: ChatServer) -> None:
    """Of the summary and of the translation."""
    server.reason = "length"
    config = Config.parse(preset(server={"url": server.url, "model": "clerk"}), origin="test")
    with summarizer.load(config) as chain:
        result = chain(tiny_chat.ARTICLE, to="en", language="de")
    assert {finding.step for finding in result.findings if finding.kind == "truncated"} == {"summary", "translation"}


def test_a_long_article_is_read_in_parts_that_fit(server: ChatServer) -> None:
    """Every prompt fits the window, template counted, and every sentence is in one of them."""
    config = Config.parse(preset(server={"url": server.url, "model": "clerk"}, window=400), origin="test")
    sentences = [f"Am {day}. Mai fielen in Hamburg {day} Liter Regen auf die Felder." for day in range(1, 25)]
    with summarizer.load(config) as chain:
        model = chain.summarizer.model  # type: ignore[attr-defined]
        chain.summarize(" ".join(sentences), language="de")
    asked = [body["messages"][-1]["content"] for body in server.seen]
    assert len(asked) > 3
    assert max(map(model.count, asked)) <= 400
    assert all(any(sentence in prompt for prompt in asked) for sentence in sentences)


def test_the_window_counts_template_and_system_message(folder_of: Callable[[str], Path]) -> None:
    """The longest text, its prompt and the longest answer fill the context exactly; a system message narrows it."""
    folder = folder_of("llama")
    plain, told = (
        registry.load("chat", ChatSettings.of(Settings((str(folder),), precision="float32"), system=system))
        for system in ("", "Write as a newspaper does.")
    )
    taken = len(told._engine._chat.encode("Write as a newspaper does."))  # type: ignore[attr-defined]
    for model in (plain, told):
        engine = model._engine  # type: ignore[attr-defined]
        assert engine.window + engine._longest + engine._chat.special + 1 == tiny_chat.POSITIONS
    assert plain.window - told.window >= 0.7 * taken
    words = "Bäcker " * (told.window // told.count("Bäcker Bäcker Bäcker") * 3 - 3)
    full = next(text for dots in range(60) if told.count(text := words + "." * dots) == told.window)
    (found,) = told.generate([full], Options(min_tokens=told._engine._longest))  # type: ignore[attr-defined]
    assert found.tokens <= told._engine._longest  # type: ignore[attr-defined]
    plain.close()
    told.close()


def test_penalties_look_at_the_answer_alone(model_of: Callable[[str, str], Any], folder_of: Callable) -> None:
    """A summary may say what the article says: both engines let it, token for token."""
    texts = [tiny_chat.lessons()[-1][0], *(german for german, _ in FEW)]
    for options in (Options(max_tokens=60, no_repeat_ngram=3), Options(max_tokens=60, repetition_penalty=1.3)):
        ours, theirs = (model_of(wrapper, "llama").generate(texts, options) for wrapper in ("chat", "chat-ct2"))
        assert [one.text for one in ours] == [other.text for other in theirs]
    assert model_of("chat", "llama").generate(texts[:1], Options(no_repeat_ngram=3))[0].text == GERMAN


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"server": {"url": "ftp://x", "model": "m"}}, r"server\.url: must be an address such as http"),
        ({"server": {"url": "http://me:secret@x/v1", "model": "m"}}, "without user and password$"),
        ({"server": {"url": "http://x", "model": "m", "key": "sk-secret"}}, "never the key itself$"),
        ({"server": {"url": "http://x", "model": "m", "kee": "A"}}, "server.kee: unknown key.*did you mean 'key'"),
        ({"server": {"url": "http://x", "model": "m", "body": "[]"}}, "server.body: must be a JSON object"),
        ({"server": {"url": "http://x", "model": "m"}, "weights": "a/b"}, "leave out weights and engine"),
        ({"server": {"url": "http://x", "model": "m"}, "beams": 4}, "gives one answer, without beams"),
        ({"weights": "a/b", "template": "Sum this up."}, r"template: \{text\} must mark"),
        ({"weights": "a/b", "template": "{txt}"}, r"\{txt\} has no meaning here; choose from \{text\}, \{language\}"),
        ({"weights": "a/b", "system": "Answer in {language}."}, r"put \{language\} into template"),
        ({"weights": "a/b", "engine": "onnx"}, "engine: .*'transformers' or 'ct2'"),
    ],
)
def test_what_is_wrong_with_a_chat_preset_is_named(part: dict[str, Any], message: str) -> None:
    """Dotted path and choices; what may be a secret is not repeated."""
    with pytest.raises(ConfigError, match=message) as caught:
        Config.parse(preset(**part))
    assert "secret" not in str(caught.value)


def test_keys_of_chat_belong_to_chat() -> None:
    """A translation model has no system message."""
    with pytest.raises(ConfigError, match="system is a key of the model chat, not of ct2"):
        Config.parse({"summary": {"model": "ct2", "weights": "a/b", "system": "x"}})


def test_chat_decodes_greedily_unless_told() -> None:
    """Beams cost a large model dearly; whoever asks for hypotheses gets as many beams."""
    assert Config.parse(preset(weights="a/b")).summary.beams == 1
    assert Config.parse(preset(weights="a/b", hypotheses=3)).summary.beams == 3
    assert Config.parse(preset(weights="a/b", beams=2)).summary.beams == 2


def test_the_preset_shows_the_prompts_that_are_used() -> None:
    """configs/chat.yaml spells out what a preset without a template asks."""
    shown, bare = Config.load("chat"), Config.parse(preset(weights="a/b"))
    assert (shown.summary.template, bare.summary.template) == (SUMMARY, SUMMARY)
    assert shown.translation is not None
    assert shown.translation.template == TRANSLATION


def test_a_base_model_is_refused(folder_of: Callable[[str], Path], tmp_path: Path) -> None:
    """Without a chat template nobody knows how to ask; an encoder-decoder names its own wrapper."""
    for file in folder_of("llama").iterdir():
        if file.name != "chat_template.jinja":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    with pytest.raises(ModelFailed, match=r"no chat template.*-Instruct"):
        registry.load("chat", Settings((str(tmp_path),)))
    with pytest.raises(ModelFailed, match="chat wrapper"):
        registry.load("seq2seq", Settings((str(folder_of("llama")),)))


@pytest.mark.parametrize("engine", ["transformers", "ct2"])
def test_a_damaged_checkpoint_is_a_model_that_failed(engine: Any, folder_of: Callable, tmp_path: Path) -> None:
    """The message names the model, never a traceback of a library; nothing stays lent."""
    for file in folder_of("llama").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"{")
    before = len(shared._OPEN)
    with pytest.raises(ModelFailed, match=tmp_path.name):
        registry.load("chat", ChatSettings.of(Settings((str(tmp_path),)), engine=engine))
    assert len(shared._OPEN) == before


def test_a_server_costs_nothing_to_name() -> None:
    """Opening a chain with a server asks nobody and imports no model framework."""
    program = (
        "import sys, summarizer\nfrom summarizer.config import Config\n"
        "part = {'model': 'chat', 'server': {'url': 'http://127.0.0.1:9/v1', 'model': 'm'}}\n"
        "summarizer.load(Config.parse({'summary': part, 'translation': part})).close()\n"
        "print({'torch', 'transformers', 'ctranslate2'} & set(sys.modules))"
    )
    begun = time.monotonic()
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
    assert time.monotonic() - begun < 60
