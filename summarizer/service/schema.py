"""The shapes of requests and answers, strict: what OpenAPI shows is what is checked."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from summarizer.request import MOST_SENTENCES
from summarizer.types import Length

_ARTICLE = (
    "Palm Beach – Die Gemeinde hat am Montag 18 neue Bäume gepflanzt. Der Rat hatte dafür 12.500 Euro bewilligt. "
    "Im Herbst sollen weitere folgen."
)

_SENTENCE = "Die Gemeinde hat am Montag 18 neue Bäume gepflanzt."
_START = _ARTICLE.index(_SENTENCE)
_ENGLISH = "The municipality planted 18 new trees on Monday."
_RESULT: dict[str, Any] = {
    "summary": _SENTENCE,
    "translation": _ENGLISH,
    "translations": {"en": _ENGLISH},
    "title": "",
    "language": "de",
    "language_confidence": 0.99,
    "lines": [
        {
            "text": _SENTENCE,
            "translations": {"en": _ENGLISH},
            "evidence": [{"start": _START, "end": _START + len(_SENTENCE), "text": _SENTENCE}],
            "support": 1.0,
        }
    ],
    "findings": [],
    "coverage": {"total": len(_ARTICLE), "read": len(_ARTICLE), "dropped": 0, "unread": 0, "junk": []},
    "timings": {"read": 0.002, "summary": 0.001, "translation": 0.21, "checks": 0.001, "total": 0.214},
    "signature": "summarizer 0.1.0 | preset=default | summary=extractive/1 | sentences=1 | to=en",
}
_PROBLEM: dict[str, Any] = {"type": "EmptyInput", "message": "the text is empty; give an article"}


MOST_FIELDS, MOST_LANGUAGES = 32, 100  # a mistake in each of a million takes seconds to tell


class SummarizeRequest(BaseModel):
    """One article and what is wanted of it."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"text": _ARTICLE, "to": ["en"], "sentences": 2}]},
    )

    text: Annotated[str, Field(description="Plain text as pasted, or HTML.")]
    to: Annotated[
        Annotated[list[str], Field(max_length=MOST_LANGUAGES)] | str,
        Field(description="Target languages, ISO 639-1; empty for the summary alone."),
    ] = ["en"]
    sentences: Annotated[int | None, Field(ge=1, le=MOST_SENTENCES, description="Sentences in the summary.")] = None
    length: Annotated[Length | None, Field(description="Instead of a number of sentences.")] = None
    language: Annotated[str | None, Field(description="The article's language; detected when left out.")] = None
    preset: Annotated[str | None, Field(description="One of those that `/v1/info` lists; the first when left out.")] = (
        None
    )

    @model_validator(mode="before")
    @classmethod
    def _few(cls, said: object) -> object:
        if isinstance(said, dict) and len(said) > MOST_FIELDS:
            raise PydanticCustomError("too_many_fields", "the object has more fields than there are")
        return said

    @property
    def targets(self) -> tuple[str, ...]:
        """The target languages, whether one or several were given."""
        return (self.to,) if isinstance(self.to, str) else tuple(self.to)

    @property
    def options(self) -> dict[str, Any]:
        """What the chain takes as keyword arguments."""
        return {"sentences": self.sentences, "length": self.length, "language": self.language}


class BatchRow(SummarizeRequest):
    """One line of a batch; ``id`` comes back with its result."""

    id: Annotated[str | int | None, Field(description="Comes back with the result of this line.")] = None


class BatchQuery(BaseModel):
    """What a batch says in its address: what holds for every row, and where a row has its text.

    With ``text_field`` or ``id_field`` the rows are somebody's own: nothing else of them is read. So are those of a table.
    """

    model_config = ConfigDict(extra="forbid")

    to: Annotated[list[str], Field(description="Target languages; repeatable; empty for the summary alone.")] = ["en"]
    sentences: Annotated[int | None, Field(ge=1, le=MOST_SENTENCES, description="Sentences in each summary.")] = None
    length: Annotated[Length | None, Field(description="Instead of a number of sentences.")] = None
    language: Annotated[str | None, Field(description="The articles' language; detected when left out.")] = None
    preset: Annotated[str | None, Field(description="One of those that `/v1/info` lists; the first if left out.")] = (
        None
    )
    text_field: Annotated[str | None, Field(description="Field or column that holds the article; `text`.")] = None
    id_field: Annotated[str | None, Field(description="Field or column that names the row; `id`.")] = None

    @property
    def options(self) -> dict[str, Any]:
        """What every row asks for that does not say otherwise."""
        named = self.model_dump(include={"sentences", "length", "language", "preset"}, exclude_none=True)
        return {"to": self.targets, **named}

    @property
    def targets(self) -> list[str]:
        """The target languages, each once; ``to=`` alone is none."""
        return list(dict.fromkeys(code for code in self.to if code))


class SpanBody(BaseModel):
    """A stretch of the text as it was sent, in characters."""

    start: int
    end: int
    text: str


class LineBody(BaseModel):
    """One sentence of the summary."""

    text: str
    translations: dict[str, str]
    evidence: list[SpanBody]
    support: float


class FindingBody(BaseModel):
    """Something to know before trusting the result; its spans count in the texts that were compared."""

    step: str
    kind: str
    value: str
    message: str
    line: int | None
    language: str | None
    expected: str | None
    confidence: float
    span: SpanBody | None
    source_span: SpanBody | None


class JunkBody(BaseModel):
    """A stretch that is not article text."""

    kind: str
    span: SpanBody


class CoverageBody(BaseModel):
    """Where the characters went; ``total`` is the sum of the other three."""

    total: int
    read: int
    dropped: int
    unread: int
    junk: list[JunkBody]


class ResultBody(BaseModel):
    """A summary, its translations, and everything needed to judge and reproduce them."""

    model_config = ConfigDict(json_schema_extra={"examples": [_RESULT]})

    summary: str
    translation: str
    translations: dict[str, str]
    title: str
    language: str
    language_confidence: float
    lines: list[LineBody]
    findings: list[FindingBody]
    coverage: CoverageBody
    timings: dict[str, float]
    signature: str


class Problem(BaseModel):
    """What went wrong: ``type`` is the name of the error class, ``message`` its cause and cure."""

    type: str
    message: str


class ProblemBody(BaseModel):
    """The body of every answer that is not a result."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"error": _PROBLEM}]})

    error: Problem


class PresetBody(BaseModel):
    """A preset that is loaded here. ``characters`` is the most that an article may have.

    ``models`` are by the path of their section: ``translation``, or ``translation[0]`` and so on where there are several.
    """

    preset: str
    description: str
    models: dict[str, Any]
    languages: dict[str, list[str]]
    characters: int


class InfoBody(BaseModel):
    """What runs here. ``preset`` and what describes it is the default; ``presets`` are all that are loaded, it first."""

    name: str
    version: str
    preset: str
    description: str
    models: dict[str, Any]
    languages: dict[str, list[str]]
    limits: dict[str, int | float | str]
    presets: list[PresetBody]
