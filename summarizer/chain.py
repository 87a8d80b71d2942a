"""Articles in, results out: one at a time, or as a lazy stream in batches. Safe to call from several threads.

A chain is made of a summariser stage and a translator stage, and knows neither their models nor a framework.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from types import TracebackType
from typing import TYPE_CHECKING, Literal, overload

from summarizer import orders
from summarizer.config import Config
from summarizer.errors import ConfigError, InputError, LanguageNotSupported, SummarizerError
from summarizer.job import Job
from summarizer.orders import Summarizer, Translator
from summarizer.request import Request, covering, reading
from summarizer.text.document import read
from summarizer.text.language import detect
from summarizer.timing import Stopwatch
from summarizer.types import Article, Length, Result
from summarizer.version import __version__

if TYPE_CHECKING:
    from typing_extensions import Self  # typing has it from Python 3.11 on

To = str | Sequence[str] | None


class Chain:
    """Summarises articles and translates the summaries; use it as a context manager, or ``close()`` it.

    ``translator`` is None for a preset that only summarises.
    """

    def __init__(self, summarizer: Summarizer, translator: Translator | None, config: Config) -> None:
        self.summarizer = summarizer
        self.translator = translator
        self.config = config

    def __call__(
        self,
        text: str | Article,
        to: To = "en",
        *,
        sentences: int | None = None,
        length: Length | None = None,
        language: str | None = None,
    ) -> Result:
        """Summarise one article and translate the summary.

        Args:
            text: plain text as pasted, HTML, or an :class:`~summarizer.types.Article`.
            to: target language (ISO 639-1), several of them, or None for the summary alone.
            sentences: sentences in the summary; an article that has fewer gives fewer.
            length: ``short``, ``medium`` or ``long`` instead of a number.
            language: the article's language; detected when None.

        Raises:
            InputError: the text cannot be summarised.
            LanguageNotSupported: no model of this preset covers a language.
            ModelFailed: a model gave up.
        """
        return next(self.stream([text], to, sentences=sentences, length=length, language=language, batch_size=1))

    def steps(
        self,
        text: str | Article,
        to: To = "en",
        *,
        sentences: int | None = None,
        length: Length | None = None,
        language: str | None = None,
    ) -> Iterator[Result]:
        """What a call gives, as it grows: the summary alone, then with one translation more each time.

        The last one is the whole. A chain that translates first gives only that.
        """
        request = self._request(to, sentences=sentences, length=length, language=language)
        return self._steps(text, request)

    def summarize(
        self,
        text: str | Article,
        *,
        sentences: int | None = None,
        length: Length | None = None,
        language: str | None = None,
    ) -> Result:
        """The first half alone: a summary in the article's language."""
        return self(text, None, sentences=sentences, length=length, language=language)

    def translate(self, texts: Sequence[str], to: str = "en", *, source: str | None = None) -> list[str]:
        """The second half alone: one translation per text, in order; a blank text comes back as it is.

        ``source`` is the language of all texts; when None it is detected from them together.
        """
        texts = [texts] if isinstance(texts, str) else list(texts)
        if wrong := [type(text).__name__ for text in texts if not isinstance(text, str)]:
            raise InputError(f"every text must be a str, not {wrong[0]}")
        target = self._request(to).to[0]
        if not any(text.strip() for text in texts):
            return texts
        origin = Request.of((), language=source).language or detect("\n".join(texts)).language
        self._covers(origin, target)
        filled = [text for text in texts if text.strip()]
        done = iter(orders.translate(filled, source=origin, target=target, translator=self.translator))
        return [next(done).text if text.strip() else text for text in texts]

    @overload
    def stream(
        self,
        texts: Iterable[str | Article],
        to: To = ...,
        *,
        sentences: int | None = ...,
        length: Length | None = ...,
        language: str | None = ...,
        batch_size: int = ...,
        on_error: Literal["raise"] = ...,
    ) -> Iterator[Result]: ...
    @overload
    def stream(
        self,
        texts: Iterable[str | Article],
        to: To = ...,
        *,
        sentences: int | None = ...,
        length: Length | None = ...,
        language: str | None = ...,
        batch_size: int = ...,
        on_error: Literal["return"],
    ) -> Iterator[Result | SummarizerError]: ...
    def stream(  # noqa: PLR0913 - the options of a call, and two of the stream
        self,
        texts: Iterable[str | Article],
        to: To = "en",
        *,
        sentences: int | None = None,
        length: Length | None = None,
        language: str | None = None,
        batch_size: int = 16,
        on_error: Literal["raise", "return"] = "raise",
    ) -> Iterator[Result | SummarizerError]:
        """Results in input order, made lazily, ``batch_size`` articles in memory at a time.

        In float32 the results do not depend on ``batch_size``; in 8 bits with several beams a line in a hundred may
        differ in a word. With ``on_error="return"`` an article that fails gives its error
        at its place, and the stream goes on.
        """
        if isinstance(texts, str | bytes):
            raise InputError("stream takes many texts; give a list of them, or call the chain with the one")
        if on_error not in ("raise", "return"):
            raise ConfigError(f"on_error must be 'raise' or 'return', not {on_error!r}")
        if batch_size < 1:
            raise ConfigError(f"batch_size must be 1 or more, not {batch_size}")
        request = self._request(to, sentences=sentences, length=length, language=language)
        return self._stream(texts, request, batch_size=batch_size, raises=on_error == "raise")

    def signature(self, to: To = "en", *, sentences: int | None = None, length: Length | None = None) -> str:
        """One line that reproduces an output: version, preset, models, options."""
        return self._signature(self._request(to, sentences=sentences, length=length))

    def close(self) -> None:
        """Free the models. The chain is not used afterwards; closing twice is no error."""
        self.summarizer.close()
        if self.translator is not None:
            self.translator.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _request(
        self, to: To, *, sentences: int | None = None, length: Length | None = None, language: str | None = None
    ) -> Request:
        default = self.config.summary.sentences
        return Request.of(to, sentences=sentences, length=length, language=language, default=default)

    def _signature(self, request: Request) -> str:
        config = self.config
        parts = [f"summarizer {__version__}", f"preset={config.name}", f"summary={self.summarizer.name}"]
        if config.summary.model != "extractive":
            parts += config.summary.decoding()
        parts.append(f"sentences={request.sentences}")
        if self.translator is not None and config.translations and request.to:
            parts += [f"translation={self.translator.name}"]
            for part in config.translations:
                parts += [part.routing()] if len(config.translations) > 1 else []
                parts += part.decoding()
            parts.append(f"to={'+'.join(request.to)}")
        parts += [f"language={request.language}"] if request.language else []
        parts += [f"clean={config.clean}"] if config.clean is not True else []
        return " | ".join([*parts, f"order={config.order}"])

    def _steps(self, text: str | Article, request: Request) -> Iterator[Result]:
        watch = Stopwatch()
        with watch("read"):
            job = self._read(text, request)
        if isinstance(job, SummarizerError):
            raise job
        if self._translates_first(request):
            self._run([job], request, watch)
            yield self._grown(job, request.to, request, watch)
            return
        orders.summarize_first([job], replace(request, to=()), summarizer=self.summarizer, translator=None, watch=watch)
        for number in range(len(request.to) + 1):
            if number:
                with watch("translation"):
                    orders.translate_lines([job], request.to[number - 1], self.translator)
            grown = replace(job, lines=list(job.lines), findings=list(job.findings))  # the next step checks anew
            with watch("checks"):
                grown.check()
            yield self._grown(grown, request.to[:number], request, watch)

    def _grown(self, job: Job, done: Sequence[str], request: Request, watch: Stopwatch) -> Result:
        return job.result(done, timings=watch.per_article(1), signature=self._signature(request))

    def _stream(
        self, texts: Iterable[str | Article], request: Request, *, batch_size: int, raises: bool
    ) -> Iterator[Result | SummarizerError]:
        remaining = iter(texts)
        while batch := list(islice(remaining, batch_size)):
            for outcome in self._outcomes(batch, request):
                if raises and isinstance(outcome, SummarizerError):
                    raise outcome
                yield outcome

    def _outcomes(self, batch: Sequence[str | Article], request: Request) -> list[Result | SummarizerError]:
        """A result or an error for each text. Where a batch fails as a whole, its texts are tried one by one."""
        watch = Stopwatch()
        with watch("read"):
            read_or_failed = [self._read(text, request) for text in batch]
        jobs = [job for job in read_or_failed if isinstance(job, Job)]
        try:
            self._run(jobs, request, watch)
        except SummarizerError as error:
            if len(jobs) == 1:
                return [error if isinstance(item, Job) else item for item in read_or_failed]
            return [outcome for text in batch for outcome in self._outcomes([text], request)]
        timings, signature = watch.per_article(len(jobs)), self._signature(request)
        return [
            item.result(request.to, timings=timings, signature=signature) if isinstance(item, Job) else item
            for item in read_or_failed
        ]

    def _read(self, text: str | Article, request: Request) -> Job | SummarizerError:
        config = self.config
        try:
            known = read(text, language=request.language, drop=config.clean, limit=config.max_characters)
            language = known.document.language
            self._covers(language, *request.to)
            self._reads(request.to[0] if self._translates_first(request) else language)
        except SummarizerError as error:
            return error
        return Job(known, findings=list(known.findings))

    def _covers(self, source: str, *targets: str) -> None:
        for target in targets:
            if source != target and not (self.translator and self.translator.supports(source, target)):
                raise LanguageNotSupported(
                    f"preset {self.config.name!r} does not translate {source} → {target}; "
                    + self._cure(covering(source, target))
                )

    def _reads(self, language: str) -> None:
        known = self.config.summary.languages
        if "*" not in known and language not in known:
            raise LanguageNotSupported(
                f"preset {self.config.name!r} summarises {', '.join(known)} only, and this text is in {language!r}; "
                + self._cure(reading(language))
            )

    def _cure(self, presets: Sequence[str]) -> str:
        others = " or ".join(repr(name) for name in presets if name != self.config.name)
        return f"take the preset {others}" if others else "give a model that does, in a preset of your own"

    def _translates_first(self, request: Request) -> bool:
        return self.config.order == "translate-first" and bool(request.to)

    def _run(self, jobs: Sequence[Job], request: Request, watch: Stopwatch) -> None:
        if self._translates_first(request) and self.translator is not None:
            orders.translate_first(jobs, request, summarizer=self.summarizer, translator=self.translator, watch=watch)
        else:
            orders.summarize_first(jobs, request, summarizer=self.summarizer, translator=self.translator, watch=watch)
        with watch("checks"):
            for job in jobs:
                job.check()
