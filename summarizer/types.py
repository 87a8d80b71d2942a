"""The values that travel: an article in, a result out. All frozen, all JSON-safe, no behaviour beyond reading them.

Offsets are character offsets (Python string indices) into the text **as the caller gave it**, HTML included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import accumulate
from typing import Any, Literal, TypeAlias, get_args

Role: TypeAlias = Literal["kicker", "title", "standfirst", "heading", "body"]
Step: TypeAlias = Literal["input", "summary", "translation"]
Length: TypeAlias = Literal["short", "medium", "long"]

FLAGGED = 0.5  # confidence from which a finding is shown; chosen with benchmarks/faithfulness.py

SENTENCES_OF: Mapping[Length, int] = {"short": 2, "medium": 4, "long": 7}


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the caller's text.

    ``text`` is the slice ``source[start:end]``; where the source is HTML with markup inside the stretch, it is the
    text a reader sees there.
    """

    start: int
    end: int
    text: str

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the article that is kept, and what it is."""

    role: Role
    span: Span


@dataclass(frozen=True, slots=True)
class Dropped:
    """A stretch that is not article text, and why: ``credit``, ``post``, ``share``, ``timestamp``, ``markup`` ..."""

    kind: str
    span: Span


@dataclass(frozen=True, slots=True)
class Article:
    """What cleaning found in the caller's ``text``: blocks in reading order, and all that was dropped.

    ``text`` is never changed. Characters in neither ``blocks`` nor ``dropped`` are white space.
    """

    text: str
    blocks: tuple[Block, ...]
    dropped: tuple[Dropped, ...] = ()

    @classmethod
    def from_parts(cls, paragraphs: Iterable[str], *, title: str = "", standfirst: str = "") -> Article:
        """Build an article from parts that are clean already; ``text`` becomes the parts joined by blank lines."""
        parts: list[tuple[Role, str]] = [("title", title), ("standfirst", standfirst)]
        parts += [("body", paragraph) for paragraph in paragraphs]
        parts = [(role, text) for role, text in parts if text.strip()]
        starts = [0, *accumulate(len(text) + 2 for _, text in parts)]
        blocks = (
            Block(role, Span(start, start + len(text), text))
            for start, (role, text) in zip(starts, parts, strict=False)
        )
        return cls("\n\n".join(text for _, text in parts), tuple(blocks))

    def first(self, role: Role) -> Span | None:
        """The span of the first block with this role, or None."""
        return next((block.span for block in self.blocks if block.role == role), None)

    @property
    def title(self) -> str:
        """The headline on one line, or an empty string."""
        span = self.first("title")
        return " ".join(span.text.split()) if span else ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the article.

    ``text`` has its white space put in order; ``span`` is where it stands. ``paragraph`` counts the blocks of the
    article from 0. ``language`` is set only where the sentence is in another language than the article.
    """

    text: str
    span: Span
    paragraph: int
    role: Role = "body"
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """An article made ready for a summariser: cleaned, split, its language known. What stages read."""

    article: Article
    sentences: tuple[Sentence, ...]
    language: str
    language_confidence: float

    @property
    def body(self) -> tuple[Sentence, ...]:
        """The sentences a summary may be built from, in reading order: no title, kicker or heading."""
        return tuple(sentence for sentence in self.sentences if sentence.role in ("body", "standfirst"))


@dataclass(frozen=True, slots=True)
class Generation:
    """One output of a model.

    ``score`` is the mean log-probability per token where the model gives one. ``truncated`` says that the output
    stopped at a bound, not at its end; ``repeated``, that it fell into a loop, which was cut to one turn.
    ``alternatives`` are the other hypotheses, best first.
    """

    text: str
    score: float | None = None
    truncated: bool = False
    tokens: int = 0
    alternatives: tuple[Generation, ...] = ()
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of the summary, its translations, and the stretches of the article it rests on.

    ``support`` is between 0 and 1: how much of the line the evidence holds; 1 for a sentence taken word by word.
    """

    text: str
    translations: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[Span, ...] = ()
    support: float = 0.0


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a reader should know before trusting the result.

    ``kind`` is one of ``number date name negation truncated repetition language unsupported`` and the kinds a stage
    names in its docstring. ``line`` counts the summary lines from 0; None speaks of the whole. ``language`` is the
    translation spoken of, ``expected`` what stood on the other side, ``confidence`` between 0 and 1.

    ``span`` is where ``value`` stands in the text that was checked, ``source_span`` where ``expected`` stands on the
    other side; None where nothing stands there or the whole text is meant. Their offsets count in these texts:

    - ``summarizer.check``: ``candidate`` and ``source`` as given;
    - step ``summary``: the line's ``text``, and the article as the caller gave it;
    - step ``translation``: the line's translation into ``language``, and the line's ``text``.
    """

    step: Step
    kind: str
    value: str
    message: str
    line: int | None = None
    language: str | None = None
    expected: str | None = None
    confidence: float = 1.0
    span: Span | None = None
    source_span: Span | None = None

    @property
    def flagged(self) -> bool:
        """Whether it is sure enough to be shown to every reader; the others are hints, for those who ask."""
        return self.confidence >= FLAGGED


@dataclass(frozen=True, slots=True)
class Draft:
    """What a summariser stage hands back: lines in reading order, what it noticed, and what it did not read."""

    lines: tuple[Line, ...]
    findings: tuple[Finding, ...] = ()
    unread: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """Where the caller's characters went: ``total == read + dropped + unread``.

    ``junk`` lists what was dropped, with its kind and span; ``dropped`` is its length. White space between blocks
    counts as read.
    """

    total: int
    read: int
    dropped: int
    unread: int
    junk: tuple[Dropped, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """A summary, its translations, and everything needed to judge and reproduce them.

    ``language`` is the article's (ISO 639-1). ``timings`` are seconds per step. ``signature`` is one line that
    names program version, preset, models and options.
    """

    summary: str
    translations: Mapping[str, str]
    title: str
    language: str
    language_confidence: float
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]
    coverage: Coverage
    timings: Mapping[str, float]
    signature: str

    @property
    def translation(self) -> str:
        """The first translation asked for; an empty string if none was."""
        return next(iter(self.translations.values()), "")

    @property
    def flagged(self) -> tuple[Finding, ...]:
        """The findings to show every reader; ``findings`` holds the quiet hints too."""
        return tuple(finding for finding in self.findings if finding.flagged)

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers, as ``--format json`` and the HTTP API send them."""
        plain = asdict(self)
        return {"summary": plain.pop("summary"), "translation": self.translation, **_listed(plain)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Result:
        """The inverse of :meth:`to_dict`; keys this version does not know are passed over."""
        fields = {name: data[name] for name in cls.__slots__}
        fields["lines"] = tuple(_line(line) for line in data["lines"])
        fields["findings"] = tuple(_finding(finding) for finding in data["findings"])
        coverage = _known(Coverage, data["coverage"])
        junk = tuple(Dropped(item["kind"], Span(**item["span"])) for item in coverage["junk"])
        return cls(**{**fields, "coverage": Coverage(**{**coverage, "junk": junk})})


def _listed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _listed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_listed(item) for item in value]
    return value


def _known(cls: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in cls.__slots__ if name in data}


def _line(data: Mapping[str, Any]) -> Line:
    fields = _known(Line, data)
    return Line(**{**fields, "evidence": tuple(Span(**span) for span in data["evidence"])})


def _finding(data: Mapping[str, Any]) -> Finding:
    fields = _known(Finding, data)
    spans = {name: Span(**data[name]) for name in ("span", "source_span") if data.get(name)}
    return Finding(**{**fields, **spans})


def joined(lines: Sequence[str]) -> str:
    """Summary lines as running text."""
    return " ".join(line for line in lines if line)


LENGTHS: tuple[str, ...] = get_args(Length)
