"""A preset into the stages it names: the one place where a wrapper, a stage and a setting meet."""

from __future__ import annotations

from collections.abc import Iterator
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
from summarizer.stages.translation import Translator


def build(config: Config) -> Chain:
    """Load the models a preset names and make a chain of them.

    Raises:
        ConfigError: a model or setting is not as it must be.
        MissingDependency: a model needs a package that is not installed.
        ModelNotFound: weights are not on disk; the message says how to get them.
        ModelFailed: weights are there and cannot be loaded.
    """
    with ExitStack() as opened:  # where a part cannot be loaded, those before it are freed
        translator = None if config.translation is None else _translator(config.translation, config)
        if translator is not None:
            opened.callback(translator.close)
        summarizer = _summarizer(config.summary, config)
        opened.callback(summarizer.close)
        if config.judge is not None:
            summarizer = _judged(summarizer, config.judge, config)
        opened.pop_all()
    return Chain(summarizer, translator, config)


def _summarizer(part: SummaryConfig, config: Config) -> Summarizer:
    if part.model == "extractive":
        return ExtractiveSummarizer()
    plain = tuple(code for code in part.languages if code != "*")
    model = _model(part, config, languages=plain)
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


def _translator(part: TranslationConfig, config: Config) -> Translator:
    model = _model(part, config, languages=_pairs(part.languages))
    return Translator(model, options=_options(part), template=part.template)


def _model(part: SummaryConfig | TranslationConfig, config: Config, *, languages: tuple[str, ...]) -> Model:
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
    with _cure(config, "summary" if isinstance(part, SummaryConfig) else "translation"):
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
