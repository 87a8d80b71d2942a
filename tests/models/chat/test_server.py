"""The real openai client against a real HTTP server: answers, bounds, and every way to fail."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.responses import JSONResponse, Response

from summarizer.errors import ConfigError, InputTooLarge, ModelFailed, ModelNotFound, SummarizerError
from summarizer.models import registry
from summarizer.models.chat.server import estimated
from summarizer.models.chat.settings import ChatSettings, Server
from summarizer.models.protocol import Model, Options
from summarizer.text.prompts import TRANSLATION, filled
from tests.chat_server import ChatServer, broken_off, closed_port, completion, dripping, failure, hanging_up, serving
from tests.lessons import PAIRS

KEY = "sk-very-secret-0123"


def asked(text: str) -> str:
    return filled(TRANSLATION, text, language="de", target="en")


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with serving() as chat:
        yield chat


@pytest.fixture
def model(server: ChatServer) -> Iterator[Callable[..., Model]]:
    """``model(retries=0)``: the wrapper around that server."""
    opened: list[Model] = []

    def made(*, system: str = "", window: int | None = None, url: str = "", **more: Any) -> Model:
        told = Server(url or server.url, "clerk", **{"timeout": 20.0, "retries": 1, **more})
        opened.append(registry.load("chat", ChatSettings((), window=window, system=system, server=told)))
        return opened[-1]

    yield made
    for each in opened:
        each.close()


def test_texts_are_answered_in_order_a_few_at_once(server: ChatServer, model: Callable[..., Model]) -> None:
    """Never more requests under way than ``parallel``, whoever asks; a blank text is no request."""
    server.delay = 0.05
    chat = model(parallel=3)
    assert isinstance(chat, Model)
    found = chat.generate(["", *(asked(german) for german, _ in PAIRS), " "], Options())
    assert [generation.text for generation in found] == ["", *(english for _, english in PAIRS), ""]
    assert (found[1].tokens, found[1].truncated, found[1].score) == (7, False, None)
    assert 1 < server.most_at_once <= 3
    assert len(server.seen) == len(PAIRS)


def test_what_is_asked(server: ChatServer, model: Callable[..., Model]) -> None:
    """System message, prompt, a bound, no sampling, and what the preset adds."""
    model(system="Be brief.", body='{"reasoning_effort": "low"}').generate([asked(PAIRS[0][0])], Options(max_tokens=50))
    (body,) = server.seen
    assert body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": asked(PAIRS[0][0])},
    ]
    assert {key: body[key] for key in ("model", "temperature", "max_tokens", "reasoning_effort")} == {
        "model": "clerk", "temperature": 0, "max_tokens": 50, "reasoning_effort": "low"
    }  # fmt: skip


def test_the_name_tells_model_and_host(server: ChatServer, model: Callable[..., Model]) -> None:
    """What a signature needs, and no more."""
    assert model().name == f"chat:clerk@{server.url.removeprefix('http://').removesuffix('/v1')}"


def test_an_answer_that_stops_at_its_bound_says_so(server: ChatServer, model: Callable[..., Model]) -> None:
    """``finish_reason`` length is ``truncated``."""
    server.reason = "length"
    (found,) = model().generate([asked(PAIRS[0][0])], Options())
    assert (found.text, found.truncated) == (PAIRS[0][1], True)


def test_a_model_that_only_thinks_says_what_to_do(server: ChatServer, model: Callable[..., Model]) -> None:
    """All its room went into thinking: an error with a cure, no empty text."""
    server.reason, server.rule = "length", lambda _: "<think>well, let me see"
    with pytest.raises(ModelFailed, match=r"gave no answer.*raise max_tokens or turn its thinking off"):
        model().generate([asked(PAIRS[0][0])], Options())


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_passes_is_tried_again(server: ChatServer, model: Callable[..., Model], status: int) -> None:
    """Too many requests, or a server that stumbles: the answer comes all the same."""
    server.failures = [failure(status)]
    (found,) = model(retries=1).generate([asked(PAIRS[1][0])], Options())
    assert found.text == PAIRS[1][1]
    assert len(server.seen) == 2


PAGE = Response("<html>welcome</html>", media_type="text/html")


@pytest.mark.parametrize(
    ("sent", "error", "message"),
    [
        (failure(429, "slow down"), ModelFailed, r"asked too often \(HTTP 429.*server.parallel"),
        (failure(500, "boom"), ModelFailed, r"failed \(HTTP 500.*boom"),
        (failure(404, "no model clerk"), ModelNotFound, r"HTTP 404.*no model clerk.*mend server.model"),
        (failure(400, "context length is 512"), ModelFailed, r"HTTP 400.*context length.*lower window"),
        (failure(403), ModelFailed, r"refuses a request without a key.*HTTP 403"),
        (Response("{not json", media_type="application/json"), ModelFailed, "no answer of the protocol"),
        (PAGE, ModelFailed, "not with a chat completion.*ends in /v1"),
        (JSONResponse({"hello": 1}), ModelFailed, "not with a chat completion"),
        (JSONResponse({"choices": []}), ModelFailed, "not with a chat completion"),
        (JSONResponse(["x"]), ModelFailed, "clerk"),
        (JSONResponse(completion(None)), ModelFailed, "gave no answer"),
        (JSONResponse(completion("<think>a</think>")), ModelFailed, "gave no answer"),
        (JSONResponse(completion("Der", "content_filter")), ModelFailed, "content filter"),
    ],
)
def test_what_fails_is_named(
    server: ChatServer, model: Callable[..., Model], sent: Response, error: type[SummarizerError], message: str
) -> None:
    """One of our errors, with cause and cure; never one of the client's."""
    server.failures = [sent]
    with pytest.raises(error, match=message):
        model(retries=0).generate([asked(PAIRS[0][0])], Options())


def test_nobody_there(model: Callable[..., Model]) -> None:
    """A refused connection is a model not found, with the address to mend."""
    url = f"http://127.0.0.1:{closed_port()}/v1"
    with pytest.raises(ModelNotFound, match=f"no server answers at {url}.*start it, or mend server.url"):
        model(url=url, retries=0).generate(["x"], Options())


def test_a_server_that_never_answers(server: ChatServer, model: Callable[..., Model]) -> None:
    """The preset's timeout holds."""
    server.delay = 0.8
    with pytest.raises(ModelFailed, match=r"did not answer within 0.2 s; raise server.timeout"):
        model(timeout=0.2, retries=0).generate(["x"], Options())


def test_a_server_that_drips_is_as_late(server: ChatServer, model: Callable[..., Model]) -> None:
    """The timeout is one for the whole answer, not for each byte of it; who is that slow is not asked again."""
    server.failures = [dripping(0.1), dripping(0.1)]
    begun = time.monotonic()
    with pytest.raises(ModelFailed, match=r"did not answer within 0.5 s; raise server.timeout"):
        model(timeout=0.5, retries=1).generate(["x"], Options())
    assert time.monotonic() - begun < 5
    assert len(server.seen) == 1


def test_a_dropped_connection_is_no_missing_server(server: ChatServer, model: Callable[..., Model]) -> None:
    """Before the answer or in it; where it passes, the answer comes all the same."""
    dropped = "dropped the connection before its answer was whole.*the server's log"
    with hanging_up() as url, pytest.raises(ModelFailed, match=dropped):
        model(url=url, retries=0).generate(["x"], Options())
    server.failures = [broken_off()]
    with pytest.raises(ModelFailed, match=dropped):
        model(retries=0).generate(["x"], Options())
    server.failures = [broken_off()]
    assert model(retries=1).generate([asked(PAIRS[0][0])], Options())[0].text == PAIRS[0][1]


def test_an_answer_that_never_ends_is_not_read_to_its_end(server: ChatServer, model: Callable[..., Model]) -> None:
    """Bytes are bounded by the window's tokens; the error says by how many."""
    server.rule = lambda _: "a" * 5_000_000
    with pytest.raises(ModelFailed, match=r"sends more than \d{6} bytes to one question; it passes over max_tokens"):
        model(retries=0).generate(["x"], Options())
    server.failures = [failure(500, "b" * 5_000_000)]
    with pytest.raises(ModelFailed, match=r"more than \d{6} bytes"):
        model(retries=0).generate(["x"], Options())


def test_a_server_that_passes_over_its_bound_is_cut(server: ChatServer, model: Callable[..., Model]) -> None:
    """A loop to one turn; what thinks aloud before its answer is measured without the thoughts."""
    server.rule = lambda _: "<think>" + "hm " * 999 + "</think>" + "The mayor opened the bridge. " * 800
    (found,) = model().generate([asked(PAIRS[0][0])], Options())
    assert found.text.startswith("The mayor opened the bridge.")
    assert len(found.text) < 60
    assert (found.truncated, found.repeated) == (True, True)


def test_half_a_character_is_no_wrong_address(server: ChatServer, model: Callable[..., Model]) -> None:
    """A lone surrogate becomes U+FFFD; whole pairs stay what they are."""
    told = '{"choices": [{"finish_reason": "stop", "message": {"content": "A \\ud83d bridge \\ud83c\\udf09"}}]}'
    server.failures = [Response(told, media_type="application/json")]
    assert model(retries=0).generate(["x"], Options())[0].text == "A \ufffd bridge 🌉"


def test_the_key_comes_from_the_environment_and_goes_nowhere_else(
    server: ChatServer, model: Callable[..., Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named in the preset, sent to the server, in no error, name or representation."""
    server.key = KEY
    with pytest.raises(ConfigError, match=r"TINY_KEY, which is not set; export it"):
        model(key="TINY_KEY")
    monkeypatch.setenv("TINY_KEY", KEY)
    chat = model(key="TINY_KEY")
    assert chat.generate([asked(PAIRS[0][0])], Options())[0].text == PAIRS[0][1]
    monkeypatch.setenv("TINY_KEY", "sk-wrong-9876")
    wrong = model(key="TINY_KEY")
    with pytest.raises(ModelFailed, match=r"refuses the key in TINY_KEY \(HTTP 401\)") as caught:
        wrong.generate(["x"], Options())
    monkeypatch.setenv("TINY_KEY", KEY)
    server.failures = [failure(500, f"crashed on {KEY}")]
    right = model(key="TINY_KEY", retries=0)
    with pytest.raises(ModelFailed, match=r"crashed on \*\*\*") as other:
        right.generate(["x"], Options())
    told = f"{caught.value} {other.value} {chat.name} {chat!r} {wrong!r}"
    assert "sk-" not in told


def test_no_key_of_the_environment_is_sent_unasked(
    server: ChatServer, model: Callable[..., Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    """OPENAI_API_KEY belongs to OpenAI, not to whichever server a preset names."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_ORG_ID", "org-mine")
    model().generate([asked(PAIRS[0][0])], Options())
    assert KEY not in str(server.headers)
    assert "org-mine" not in str(server.headers)


def test_a_server_that_wants_other_fields_gets_them(server: ChatServer, model: Callable[..., Model]) -> None:
    """Newer models refuse ``max_tokens`` and a temperature; told once, the client remembers."""
    server.failures = [
        failure(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
        failure(400, "Unsupported value: 'temperature' does not support 0."),
    ]
    chat = model()
    for german, english in PAIRS[:2]:
        assert chat.generate([asked(german)], Options(max_tokens=40))[0].text == english
    assert len(server.seen) == 4
    assert server.seen[-1]["max_completion_tokens"] == 40
    assert not {"max_tokens", "temperature"} & server.seen[-1].keys()


def test_a_window_is_estimated_or_stated(model: Callable[..., Model]) -> None:
    """Rather too many tokens than too few; what is over the window is refused, never sent."""
    assert estimated("Der Zug nach Hamburg") == 10
    assert estimated("12 345") == 6
    assert estimated("汉字") == 3
    assert model().window > 1500
    assert model(system="x" * 400).window == model().window - 200
    chat = model(window=20)
    assert chat.window == 20
    with pytest.raises(InputTooLarge, match="over the window"):
        chat.generate(["Wort " * 20], Options())


@pytest.mark.parametrize(
    "options",
    [
        Options(beams=2, hypotheses=2),
        Options(no_repeat_ngram=3),
        Options(repetition_penalty=1.2),
        Options(min_tokens=5),
    ],
)
def test_what_a_server_cannot_do_is_refused(model: Callable[..., Model], options: Options) -> None:
    """An option that would be passed over in silence is named."""
    with pytest.raises(ModelFailed, match=r"a server cannot be told .*leave it out"):
        model().generate(["x"], options)


def test_who_asks_again_is_told_from_memory(server: ChatServer, model: Callable[..., Model]) -> None:
    """A second try with more beams costs no request; a failure is not remembered."""
    chat = model(retries=0)
    server.failures = [failure(500)]
    with pytest.raises(ModelFailed):
        chat.generate([asked(PAIRS[0][0])], Options())
    for beams in (1, 4):
        assert chat.generate([asked(PAIRS[0][0])], Options(beams=beams))[0].text == PAIRS[0][1]
    assert len(server.seen) == 2


def test_one_failure_ends_the_call(server: ChatServer, model: Callable[..., Model]) -> None:
    """Requests that were not sent yet stay unsent."""
    server.failures, server.delay = [failure(401)], 0.05
    with pytest.raises(ModelFailed, match="HTTP 401"):
        model(retries=0, parallel=1).generate([asked(german) for german, _ in PAIRS], Options())
    assert len(server.seen) < 4


def test_a_closed_model_says_so(model: Callable[..., Model]) -> None:
    """Closing twice is no error."""
    chat = model()
    chat.close()
    chat.close()
    with pytest.raises(ModelFailed, match="closed"):
        chat.generate(["x"], Options())


def test_the_client_is_an_extra(model: Callable[..., Model], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the error names the extra."""
    monkeypatch.setitem(__import__("sys").modules, "openai", None)
    with pytest.raises(SummarizerError, match=r"needs the package 'openai'.*summarizer\[chat\]"):
        model()
