"""What a preset says of one model: strict sections, frozen and hashable, so that loaded chains can be kept by them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from summarizer.text import prompts

SUMMARY_MODELS = ("extractive", "ct2", "seq2seq", "chat")
TRANSLATION_MODELS = ("ct2", "seq2seq", "chat")

Precision: TypeAlias = Literal["auto", "int8", "int8_float32", "int8_bfloat16", "bfloat16", "float16", "float32"]
Engine: TypeAlias = Literal["transformers", "ct2"]

# A preset is hashable, so that loaded chains can be kept by it: lists of YAML become tuples.
Names: TypeAlias = Annotated[tuple[str, ...], Field(strict=False)]

_READABLE = 60  # characters of a setting that a signature shows as it stands

_CLASS = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")


def _one_of(choices: tuple[str, ...]) -> AfterValidator:
    def known(name: str) -> str:
        if name in choices or _CLASS.fullmatch(name):
            return name
        raise ValueError(f"{name!r} is not a model; choose from {', '.join(choices)} or package.module:Class")

    return AfterValidator(known)


def _template(*places: str) -> AfterValidator:
    def fit(template: str) -> str:
        if wrong := prompts.unfit(template, places):
            raise ValueError(wrong)
        return template

    return AfterValidator(fit)


def _variable(name: str) -> str:
    if re.fullmatch(r"[A-Z_][A-Z0-9_]*", name):
        return name
    raise ValueError("name the environment variable that holds the key, such as OPENAI_API_KEY, never the key itself")


def _address(url: str) -> str:
    if re.fullmatch(r"https?://[^\s@]+", url):
        return url
    raise ValueError("must be an address such as http://localhost:8000/v1, without user and password")


def _pairs(pairs: tuple[str, ...]) -> tuple[str, ...]:
    for pair in pairs:
        if not re.fullmatch(r"[a-z]{2,3}-[a-z]{2,3}", pair):
            raise ValueError(f"{pair!r:.40} is no pair of languages; write source-target, such as de-en")
    return pairs


def _json_object(text: str) -> str:
    try:
        content = json.loads(text)
    except ValueError as error:
        raise ValueError(f"not JSON ({error})") from error
    if not isinstance(content, dict):
        raise ValueError('must be a JSON object, such as {"reasoning_effort": "low"}')  # noqa: TRY004 - as pydantic wants
    return text


def _short(value: Any) -> str:
    """A setting as a signature shows it: what is too long to read, by its digest."""
    shown = repr(value)
    return shown if len(shown) <= _READABLE else f"sha256:{hashlib.sha256(shown.encode()).hexdigest()[:8]}"


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, protected_namespaces=())


class Server(Section):
    """A server that speaks the OpenAI protocol, asked for ``model`` at ``url`` (``http://localhost:8000/v1``).

    ``key`` names the environment variable that holds the key, which itself never stands in a preset. ``parallel``
    requests run at once, each for at most ``timeout`` seconds and tried ``retries`` times more; ``body`` is a JSON
    object of further fields for every request, such as ``{"reasoning_effort": "low"}``.
    """

    url: Annotated[str, AfterValidator(_address)]
    model: Annotated[str, Field(min_length=1)]
    key: Annotated[str, AfterValidator(_variable)] | None = None
    timeout: Annotated[float, Field(gt=0, strict=False)] = 120.0
    retries: Annotated[int, Field(ge=0, le=10)] = 2
    parallel: Annotated[int, Field(ge=1, le=64)] = 4
    body: Annotated[str, AfterValidator(_json_object)] | None = None


class ModelConfig(Section):
    """What every model wrapper can be told. ``weights``: bundled:NAME, a folder, a Hub id (``id@revision`` pins it), or a list of these of which the first on disk is taken.

    ``template`` is what a model reads, ``{text}`` marking the text. ``system`` (what it is told first), ``engine`` and
    ``server`` are for the model ``chat``, which decodes greedily unless ``beams`` says otherwise.
    """

    weights: str | Names = ()
    revision: str | None = None
    licence: str | None = None
    size: str | None = None
    precision: Precision = "auto"
    window: Annotated[int, Field(ge=8)] | None = None
    beams: Annotated[int, Field(ge=1, le=64)] = 4
    hypotheses: Annotated[int, Field(ge=1, le=64)] = 1
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    length_penalty: float = 1.0
    repetition_penalty: Annotated[float, Field(gt=0)] = 1.0
    no_repeat_ngram: Annotated[int, Field(ge=0)] = 0
    template: str = "{text}"
    system: str = ""
    engine: Engine | None = None
    server: Server | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """The weights to try, in order."""
        return (self.weights,) if isinstance(self.weights, str) else self.weights

    def decoding(self) -> list[str]:
        """What changes the output beside the weights: the beams, and every other option that is not the default."""
        plain = {"weights", "revision", "licence", "size", "model", "languages", "sentences", "precision", "engine"}
        given = {name: value for name, value in self if name not in plain}
        defaults = {name: field.default for name, field in type(self).model_fields.items()}
        return [
            f"{name}={_short(value)}" for name, value in given.items() if name == "beams" or value != defaults[name]
        ]

    @model_validator(mode="before")
    @classmethod
    def _chat_is_asked_greedily(cls, data: Any) -> Any:
        if not isinstance(data, Mapping) or data.get("model") != "chat":
            return data
        template = prompts.SUMMARY if issubclass(cls, SummaryConfig) else prompts.TRANSLATION
        return {"beams": data.get("hypotheses", 1), "template": template, **data}

    @model_validator(mode="after")
    def _chat_has_keys_of_its_own(self) -> ModelConfig:
        name = str(getattr(self, "model", ""))
        chat = [key for key in ("system", "engine", "server") if getattr(self, key)]
        if chat and name in ("extractive", "ct2", "seq2seq"):
            raise ValueError(f"{chat[0]} is a key of the model chat, not of {name}")
        if places := re.findall(r"\{(?:text|language|target|sentences)\}", self.system):
            raise ValueError(f"system is told as it stands; put {places[0]} into template")
        if self.server is None:
            return self
        if self.weights or self.engine:
            raise ValueError("server names a model that runs elsewhere; leave out weights and engine")
        if self.beams > 1:
            raise ValueError("a server gives one answer, without beams; leave out beams and hypotheses")
        return self

    @model_validator(mode="after")
    def _hypotheses_come_from_beams(self) -> ModelConfig:
        if self.hypotheses > self.beams:
            raise ValueError(f"hypotheses ({self.hypotheses}) cannot exceed beams ({self.beams})")
        return self


class SummaryConfig(ModelConfig):
    """The first half. ``languages`` are those the model can read; its template may hold ``{language}`` and ``{sentences}``."""

    model: Annotated[str, _one_of(SUMMARY_MODELS)]
    languages: Names = ("*",)
    sentences: Annotated[int, Field(ge=1, le=100)] = 3
    template: Annotated[str, _template("text", "language", "sentences")] = "{text}"
    min_tokens: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _least_is_no_more_than_most(self) -> SummaryConfig:
        if self.max_tokens is not None and self.min_tokens > self.max_tokens:
            raise ValueError(f"min_tokens ({self.min_tokens}) cannot exceed max_tokens ({self.max_tokens})")
        return self


class Languages(Section):
    """Language codes (ISO 639-1) a translation model reads and writes; ``*`` stands for all the model knows.

    ``pairs`` (``[de-en, en-fr]``) instead of both is for a model that does not translate each of them into each other;
    where a pair is missing and its halves by way of English are there, that way is gone, and a finding says so.
    """

    source: Names = ("*",)
    target: Names = ("*",)
    pairs: Annotated[Names, AfterValidator(_pairs)] = ()

    @model_validator(mode="before")
    @classmethod
    def _told_by_pairs(cls, data: Any) -> Any:
        if not isinstance(data, Mapping) or not data.get("pairs") or not isinstance(data["pairs"], list | tuple):
            return data
        halves = [pair.partition("-") for pair in data["pairs"] if isinstance(pair, str)]
        sides = {"source": [source for source, _, _ in halves], "target": [target for _, _, target in halves]}
        told = {side: list(dict.fromkeys(codes)) for side, codes in sides.items()}
        if any(list(data[side]) != codes for side, codes in told.items() if side in data):
            raise ValueError("give pairs, or source and target, not both")
        return {**data, **told}

    def cover(self, source: str, target: str) -> bool:
        """Whether the pair is among those named; :meth:`Config.covers` knows the way through English."""
        if self.pairs:
            return f"{source}-{target}" in self.pairs
        return _covers(self.source, source) and _covers(self.target, target)


class TranslationConfig(ModelConfig):
    """The second half. The template may hold ``{language}`` and ``{target}``: "translate {language} to {target}: {text}"."""

    model: Annotated[str, _one_of(TRANSLATION_MODELS)]
    languages: Languages = Languages()
    template: Annotated[str, _template("text", "language", "target")] = "{text}"

    def decoding(self) -> list[str]:
        """As for every model, and the pairs, which decide where a third language lies between."""
        return [*super().decoding(), *([f"pairs={','.join(self.languages.pairs)}"] if self.languages.pairs else [])]

    def routing(self) -> str:
        """What decides, beside the order of several models, which of them translates a line."""
        told = f"{','.join(self.languages.source)}-{','.join(self.languages.target)}"
        return f"languages={_short(told)}"


def _covers(codes: Sequence[str], code: str) -> bool:
    return "*" in codes or code in codes
