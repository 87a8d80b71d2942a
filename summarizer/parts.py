"""A preset into the stages it names: the one place where a wrapper, a stage and a setting meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

from summarizer.chain import Chain
from summarizer.config import Config, JudgeConfig, Languages, ModelConfig, SummaryConfig, TranslationConfig, presets
from summarizer.errors import ConfigError, ModelNotFound
from summarizer.models import registry
from summarizer.models.chat.settings import ChatSettings, Server
from summarizer.models.protocol import Model, Options
from summarizer.models.settings import Settings
from summarizer.orders import Summarizer
from summarizer.stages.abstractive import AbstractiveSummarizer
from summarizer.stages.extractive import ExtractiveSummarizer
from summarizer.stages.judge import JudgedSummarizer
from summarizer.stages.translation import Translator, Translators


def build(config: Config) -> Chain:
    """Load the models a preset names and make a chain of them.

    Raises:
        ConfigError: a model or setting is not as it must be.
        MissingDependency: a model needs a package that is not installed.
        ModelNotFound: weights are not on disk; the message says how to get them.
        ModelFailed: weights are there and cannot be loaded.
    """
    with ExitStack() as opened:  # where a part cannot be loaded, those before it are freed
        translators: list[Translator] = []
        for path, part in config.parts().items():
            if isinstance(part, TranslationConfig):
                made = _translator(part, config, path=path)
                opened.callback(made.close)
                _must_be_new(part, path, zip(config.translations, translators, strict=False))
                translators.append(made)
        summarizer = _summarizer(config.summary, config)
        opened.callback(summarizer.close)
        if config.judge is not None:
            summarizer = _judged(summarizer, config.judge, config)
        opened.pop_all()
    several = len(translators) > 1
    return Chain(summarizer, Translators(translators) if several else next(iter(translators), None), config)


def _summarizer(part: SummaryConfig, config: Config) -> Summarizer:
    if part.model == "extractive":
        return ExtractiveSummarizer()
    plain = tuple(code for code in part.languages if code != "*")
    model = _model(part, config, path="summary", languages=plain)
    options = _options(part, min_tokens=part.min_tokens)
    return AbstractiveSummarizer(model, options=options, template=part.template)


def _judged(summarizer: Summarizer, part: JudgeConfig, config: Config) -> Summarizer:
    from summarizer.models.classifier import Classifier  # noqa: PLC0415 - few presets have a judge

    settings = Settings(
        weights=part.sources,
        revision=part.revision,
        device=config.device,
        threads=config.threads,
        window=part.window,
    )
    with _cure(config, "judge"):
        judge = Classifier(settings, supported=part.supported)
    return JudgedSummarizer(summarizer, judge, threshold=part.threshold)


def _translator(part: TranslationConfig, config: Config, *, path: str) -> Translator:
    model = _model(part, config, path=path, languages=_pairs(part.languages))
    return Translator(model, options=_options(part), template=part.template)


def _must_be_new(part: TranslationConfig, path: str, before: Iterable[tuple[TranslationConfig, Translator]]) -> None:
    """A model that leaves nothing to ask it, after those before it, would be loaded for nothing."""
    earlier, pairs = list(before), _pairs(part.languages)
    if pairs:
        known = all(any(one.model.supports(*pair.split("-")) for _, one in earlier) for pair in pairs)
    else:  # all that the model knows: then it is the same model that makes it known
        known = any(all(getattr(part, key) == getattr(other, key) for key in _WHO) for other, _ in earlier)
    if known:
        raise ConfigError(
            f"{path}: what it translates is translated by the sections before it, so it would never be asked; "
            "put it before them, name other weights or languages, or leave it out"
        )


_WHO = ("model", "weights", "revision", "server", "languages")  # what tells one model of a preset from another


def _model(part: SummaryConfig | TranslationConfig, config: Config, *, path: str, languages: tuple[str, ...]) -> Model:
    settings = Settings(
        weights=part.sources,
        revision=part.revision,
        device=config.device,
        precision=part.precision,
        threads=config.threads,
        window=part.window,
        languages=languages,
    )
    if part.model == "chat" or part.system or part.server:
        server = Server(**part.server.model_dump()) if part.server else None
        settings = ChatSettings.of(settings, system=part.system, engine=part.engine, server=server)
    with _cure(config, path):
        return registry.load(part.model, settings)


@contextmanager
def _cure(config: Config, section: str) -> Iterator[None]:
    """What is not on disk can be fetched by the name of the preset, where it has one; a wrong key has its whole path."""
    try:
        yield
    except ConfigError as error:
        raise ConfigError(f"{section}.{error}") from error
    except ModelNotFound as error:
        if config.name not in presets():
            raise
        raise ModelNotFound(f"{error} (here: summarizer pull {config.name})") from error


def _options(part: ModelConfig, *, min_tokens: int = 0) -> Options:
    return Options(
        beams=part.beams,
        hypotheses=part.hypotheses,
        min_tokens=min_tokens,
        max_tokens=part.max_tokens,
        length_penalty=part.length_penalty,
        repetition_penalty=part.repetition_penalty,
        no_repeat_ngram=part.no_repeat_ngram,
    )


def _pairs(languages: Languages) -> tuple[str, ...]:
    """``("de-en",)``; empty where the preset leaves it to the model."""
    if languages.pairs:
        return languages.pairs
    if "*" in (*languages.source, *languages.target):
        return ()
    return tuple(f"{source}-{target}" for source in languages.source for target in languages.target)
