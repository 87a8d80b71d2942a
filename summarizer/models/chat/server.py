"""An instruction model behind any server that speaks the OpenAI protocol: vLLM, llama.cpp, Ollama, a cloud.

A server tells nobody its tokenizer, so lengths are estimated, on the safe side; its greedy answers are asked for, and
what stops at a bound is marked. The key is read from the environment and appears nowhere.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from summarizer.errors import ConfigError, InputTooLarge, MissingDependency, ModelFailed
from summarizer.models.chat.bounds import bound_of, estimated
from summarizer.models.chat.problems import problem
from summarizer.models.chat.settings import ChatSettings, Server
from summarizer.models.chat.wire import BYTES_PER_TOKEN, ENVELOPE, bounded_client
from summarizer.models.decoding import BOUND_EXTRA, BOUND_FACTOR
from summarizer.models.protocol import Options
from summarizer.progress import done
from summarizer.types import Generation

# Estimated tokens of text where the preset states no window: 4 kB of German, some 1,200 real tokens, which with its
# answer fits into the 2,048 that the smallest servers are started with.
DEFAULT_WINDOW = 2000
REMEMBERED = 1024  # answers, some 500 bytes each
# Newer models of OpenAI refuse what older servers ask for; told so once, they are asked otherwise from then on.
_OTHERWISE = {"max_tokens": "max_completion_tokens", "temperature": None}


class ServerModel:
    """One question per text, a few at a time, in the caller's order.

    A server has one answer, however many beams it is asked to search with: who asks again is told from memory.
    """

    def __init__(self, settings: ChatSettings, server: Server) -> None:
        self._server, self._system = server, settings.system
        self._key = _key(server)
        self._window = settings.window or DEFAULT_WINDOW - estimated(settings.system)
        longest = BOUND_FACTOR * self._window + BOUND_EXTRA
        self._client = _client(server, self._key, ENVELOPE + BYTES_PER_TOKEN * longest)
        self._pool = ThreadPoolExecutor(server.parallel, thread_name_prefix="summarizer-chat")
        self._fields: dict[str, str | None] = {"max_tokens": "max_tokens", "temperature": "temperature"}
        self._remembered = lru_cache(REMEMBERED)(self._asked)
        self._closed = False

    @property
    def name(self) -> str:
        return f"chat:{self._server.model}@{urlsplit(self._server.url).netloc}"

    @property
    def window(self) -> int:
        return self._window

    def count(self, text: str) -> int:
        return estimated(text)

    def supports(self, source: str, target: str) -> bool:
        del source, target
        return True

    def generate(self, texts: Sequence[str], options: Options) -> list[Generation]:
        if self._closed:
            raise ModelFailed(f"{self.name} is closed; open it again")
        _check(options, self.name)
        for text in texts:
            if estimated(text) > self._window:
                raise InputTooLarge(
                    f"a text of about {estimated(text)} tokens is over the window of {self.name} ({self._window}); "
                    "split it at sentences first, as the chain does"
                )
        asked = [self._pool.submit(self._answer, text, options) for text in texts]
        try:
            return list(_counted(asked))
        except BaseException:
            for each in asked:
                each.cancel()
            raise

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._client.close()
            self._remembered.cache_clear()

    def _answer(self, text: str, options: Options) -> Generation:
        if not text.strip():
            return Generation("")
        try:
            found = self._remembered(text, bound_of(text, options.max_tokens))
        except Exception as error:
            raise problem(error, server=self._server, name=self.name, key=self._key) from error
        return _generation(found, self.name)

    def _asked(self, text: str, bound: int) -> Any:
        told = [{"role": "system", "content": self._system}] if self._system else []
        values = {"max_tokens": bound, "temperature": 0}
        while True:
            fields = {name: values[field] for field, name in self._fields.items() if name}
            try:
                return self._client.chat.completions.create(
                    model=self._server.model,
                    messages=[*told, {"role": "user", "content": text}],
                    extra_body=json.loads(self._server.body) if self._server.body else None,
                    **fields,
                )
            except Exception as error:
                if not self._ask_otherwise(error, fields):
                    raise

    def _ask_otherwise(self, error: Exception, asked: dict[str, int]) -> bool:
        """Whether the server refuses a field of ours that can be left out or named otherwise."""
        if getattr(error, "status_code", None) not in (400, 422):
            return False
        told = str(error)
        refused = next((field for field in _OTHERWISE if field in asked and field in told), None)
        if refused is None:
            return False
        self._fields = {**self._fields, refused: _OTHERWISE[refused]}
        return True


def _counted(asked: Sequence[Future[Generation]]) -> Iterator[Generation]:
    """The answers in order; whoever listens is told of each."""
    for number, each in enumerate(asked, start=1):
        yield each.result()
        done(number, len(asked))


def _generation(found: Any, name: str) -> Generation:
    try:
        choice = found.choices[0]
        text, reason = choice.message.content or "", choice.finish_reason
    except (AttributeError, IndexError, TypeError) as error:
        raise ModelFailed(
            f"{name} answers, but not with a chat completion; the address must be the one that /chat/completions is "
            "added to, and mostly ends in /v1"
        ) from error
    if not isinstance(text, str):
        raise ModelFailed(f"{name} answers with {type(text).__name__} where text was expected")
    if reason == "content_filter":
        raise ModelFailed(f"{name} held its answer back: the server's content filter; another model may not")
    tokens = getattr(getattr(found, "usage", None), "completion_tokens", None)
    return Generation(text.strip(), None, reason == "length", tokens if isinstance(tokens, int) else estimated(text))


def _check(options: Options, name: str) -> None:
    plain = Options()
    asked = ("hypotheses", "min_tokens", "length_penalty", "repetition_penalty", "no_repeat_ngram")
    for option in asked:
        if getattr(options, option) != getattr(plain, option):
            raise ModelFailed(f"{name}: a server cannot be told {option}={getattr(options, option)}; leave it out")
    if options.max_tokens is not None and options.max_tokens < 1:
        raise ModelFailed(f"max_tokens={options.max_tokens} must be positive and no less than min_tokens")


def _key(server: Server) -> str | None:
    if server.key is None:
        return None
    key = os.environ.get(server.key)
    if not key:
        raise ConfigError(f"server.key names the environment variable {server.key}, which is not set; export it first")
    return key


def _client(server: Server, key: str | None, largest: int) -> Any:
    try:
        from openai import OpenAI  # noqa: PLC0415  # 1 s that only servers need
    except ImportError as error:
        raise MissingDependency("openai", "chat", "a chat model on a server") from error
    # A key of its own, or none: the client would otherwise take OPENAI_API_KEY and send it to whichever server.
    return OpenAI(
        base_url=server.url,
        api_key=key or "none",
        timeout=server.timeout,
        max_retries=server.retries,
        organization="",
        http_client=bounded_client(server.timeout, largest),
    )
