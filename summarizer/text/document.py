"""The caller's text into a Document: checked, cleaned, split, its language known. What cannot be read says why."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from summarizer.errors import EmptyInput, InputError, InputTooLarge, UndecodableInput
from summarizer.text.chunks import split_to_fit
from summarizer.text.clean import clean
from summarizer.text.language import Detected, detect, foreign
from summarizer.text.sentences import sentences
from summarizer.types import Article, Document, Finding, Sentence, Span

# The longest of 72,683 sentences in 587 news and encyclopedia articles has 1,371 characters; what is far longer is a
# list or text without punctuation, and is read in pieces.
LONGEST_SENTENCE = 1500
LONGEST_WORD = 200  # letters in a row; more is no word of any language that puts spaces between them
SURE_OF_LANGUAGE = 0.6  # below this the reader is told that the language was guessed

_SURROGATE = re.compile("[\ud800-\udfff]")
# A "word": letters not longer than LONGEST_WORD, or a letter of a script without spaces (from Thai upwards).
_WORD = re.compile(
    rf"(?<![^\W\d_])[^\W\d_]{{1,{LONGEST_WORD}}}(?![^\W\d_])|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u9fff\uac00-\ud7af]"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A document, what was noticed on the way, and the stretches that could not be read."""

    document: Document
    findings: tuple[Finding, ...] = ()
    unread: tuple[Span, ...] = ()


def read(
    text: str | Article, *, language: str | None = None, drop: bool | Collection[str] = True, limit: int = 20_000_000
) -> Reading:
    """Make a text ready for a summariser.

    Args:
        text: plain text, HTML, or an article cleaned before.
        language: ISO 639-1 code; None has it detected.
        drop: which kinds of junk go, as :func:`~summarizer.text.clean.clean` takes it.
        limit: characters allowed.

    Raises:
        EmptyInput: nothing in it can be summarised; the message says what there was.
        InputTooLarge: it is over ``limit``.
        UndecodableInput: it holds lone surrogates, the mark of bytes decoded wrongly.
        InputError: it is no text at all.
    """
    article = text if isinstance(text, Article) else clean(_checked(text, limit), drop=drop)
    detected = Detected(language, 1.0) if language else detect(_prose(article))
    found = sentences(article, detected.language)
    readable = tuple(piece for sentence in found if _WORD.search(sentence.text) for piece in _in_pieces(sentence))
    unread = tuple(sentence.span for sentence in found if not _WORD.search(sentence.text))
    if not any(sentence.role in ("body", "standfirst") for sentence in readable):
        raise EmptyInput(_nothing_to_read(article, unread))
    document = Document(article, _marked(readable, detected.language), detected.language, detected.confidence)
    return Reading(document, tuple(_findings(document, found, unread, guessed=language is None)), unread)


def _checked(text: object, limit: int) -> str:
    if not isinstance(text, str):
        raise InputError(f"the text must be a str or an Article, not {type(text).__name__}; decode bytes first")
    if not text.strip():
        raise EmptyInput("the text is empty; give an article with at least one sentence")
    if len(text) > limit:
        raise InputTooLarge(
            f"the text has {len(text):,} characters and the limit is {limit:,}; split it, or raise max_characters"
        )
    if _SURROGATE.search(text):
        raise UndecodableInput("the text holds lone surrogates, so its bytes were decoded wrongly; decode them again")
    return text


def _prose(article: Article) -> str:
    """What the language is told by: body and standfirst, or all there is."""
    prose = "\n".join(block.span.text for block in article.blocks if block.role in ("body", "standfirst"))
    return prose or article.text


def _in_pieces(sentence: Sentence) -> list[Sentence]:
    if len(sentence.text) <= LONGEST_SENTENCE or sentence.span.text != sentence.text:
        return [sentence]
    pieces, start = [], 0
    for text in split_to_fit(sentence.text, window=LONGEST_SENTENCE, count=len):
        start = sentence.text.index(text, start)
        begin = sentence.span.start + start
        start += len(text)
        pieces.append(replace(sentence, text=text, span=Span(begin, begin + len(text), text)))
    return pieces


def _marked(found: Sequence[Sentence], language: str) -> tuple[Sentence, ...]:
    """The sentences, those in another language than the article named as such."""
    others = foreign([sentence.text for sentence in found], language)
    return tuple(
        replace(sentence, language=other) if other else sentence for sentence, other in zip(found, others, strict=True)
    )


def _nothing_to_read(article: Article, unread: Sequence[Span]) -> str:
    if unread:
        return "the text holds no words, only signs or letters without a break; give an article with sentences"
    if article.blocks:
        return "the text holds only headings; give an article with at least one sentence"
    kinds = ", ".join(dict.fromkeys(item.kind for item in article.dropped))
    return (
        f"nothing is left of the text but junk ({kinds}); to keep it, set clean: false"
        if kinds
        else "the text is empty"
    )


def _findings(document: Document, found: Sequence[Sentence], unread: Sequence[Span], *, guessed: bool) -> list[Finding]:
    findings = []
    if guessed and document.language_confidence < SURE_OF_LANGUAGE:
        message = f"The language was taken for {document.language!r}, which is a guess; say it if it is another."
        findings.append(Finding("input", "language", document.language, message, confidence=1.0))
    if unread:
        held = "1 stretch holds" if len(unread) == 1 else f"{len(unread)} stretches hold"
        message = f"{held} no words and could not be read."
        findings.append(Finding("input", "unreadable", unread[0].text[:40], message))
    if len(document.sentences) > len(found) - len(unread):
        message = f"A stretch without full stops is over {LONGEST_SENTENCE} characters long and was read in pieces."
        findings.append(Finding("input", "sentence", "", message))
    return findings
