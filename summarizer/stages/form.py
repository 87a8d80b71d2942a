"""What is wrong with a line whatever its facts: words without end, far too few of them, another language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from summarizer.text.language import foreign
from summarizer.types import Finding, Span, Step

_WORD = re.compile(r"\w+")
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_SENTENCE = re.compile(r"[^.!?…\n]+")
# Four words three times in a row: what stuck decoders write and people do not.
_LOOP_WORDS, _LOOP_TIMES, _LOOP_LONGEST = 4, 3, 12
_LINE, _LONG_WORD = 80, 5  # words of a line; letters of a word that is no "one of the"
# A translation with so few of the source's words lacks something: of 6,002 German-English pairs by people
# (newstest2017 and 2018) none is that short, and 11 are below 0.65.
_SOME_WORDS, _FEWEST = 10, 0.55
# A long word twice in a row ("financing of financing"): in 3 of 24,579 English references, in 1 % of the lines that the
# bundled model writes on newstest2018.
_DOUBLED = re.compile(r"\b(\w{5,})\s+(?:of\s+)?\1\b", re.IGNORECASE)
_REPEATED_SENTENCE = 5  # words; "Yes. Yes." is style


def length(text: str) -> int:
    """The number of words; two signs of a script without spaces count as one more."""
    return _length(text, _WORD.findall(text))


def _length(text: str, words: Sequence[str]) -> int:
    return len(words) + (0 if text.isascii() else len(_UNSPACED.findall(text)) // 2)


def malformed(  # noqa: PLR0913 - two texts, and how they are to be held against each other
    source: str, candidate: str, step: Step, *, line: int | None, language: str, quick: bool, asked: int = 0
) -> tuple[Finding, ...]:
    """Findings that are no facts. ``quick`` leaves the question of the language out.

    ``asked`` is the length of the source, for a translation.
    """
    found = []
    words = _WORD.findall(candidate)
    given = _length(candidate, words)
    if step == "translation" and asked >= _SOME_WORDS and given < _FEWEST * asked:
        message = f"the translation has {given} words for {asked}; something may be missing"
        found.append(Finding(step, "omission", candidate[-40:], message, line, language, None, 0.7))
    lower = [word.lower() for word in words]
    loop = _looping(candidate, lower)
    if loop is not None and (looping(source) is None or step == "summary"):
        message = f"the {step} repeats “{loop}”"
        place = _place(candidate, loop)
        found.append(Finding(step, "repetition", loop, message, line, language, None, 0.9, place))
    elif step == "translation" and (doubled := _doubled(candidate, lower)) and not _DOUBLED.search(source):
        message = f"the translation says “{doubled[1]}” twice"
        place = Span(doubled.start(), doubled.end(), doubled[0])
        found.append(Finding(step, "repetition", doubled[0], message, line, language, None, 0.6, place))
    other = None if quick or not candidate.strip() else foreign([candidate], language)[0]
    if other is not None:
        message = f"the {step} is in “{other}” where “{language}” was asked for"
        found.append(Finding(step, "language", other, message, line, language, language, 0.8))
    return tuple(found)


def _doubled(text: str, words: Sequence[str]) -> re.Match[str] | None:
    long = [word for word in words if len(word) >= _LONG_WORD]
    return _DOUBLED.search(text) if len(set(long)) < len(long) else None  # mostly none stands twice anywhere


def _place(text: str, words: str) -> Span | None:
    """Where lower-case ``words``, parted by anything that is no word, stand in ``text`` for the first time."""
    match = re.search(r"\W+".join(map(re.escape, words.split())), text, re.IGNORECASE)
    return Span(match.start(), match.end(), match.group()) if match else None


def looping(text: str) -> str | None:
    """The words that ``text`` repeats without end, or None: four words three times in a row, or a sentence twice."""
    return _looping(text, [word.lower() for word in _WORD.findall(text)])


def _looping(text: str, words: Sequence[str]) -> str | None:
    if len(set(words)) + 3 > len(words):  # what says three words again has three that stood before
        return None
    grams = list(zip(words, words[1:], words[2:], strict=False))
    if len(set(grams)) == len(grams):  # every loop says three words again; most lines do not
        return None
    seen: dict[tuple[str, ...], int] = {}
    for index in range(len(words) - _LOOP_WORDS + 1):
        gram = tuple(words[index : index + _LOOP_WORDS])
        size = index - seen.get(gram, -_LOOP_LONGEST - 1)
        seen[gram] = index
        rest = max(size, _LOOP_WORDS) * (_LOOP_TIMES - 1)
        if size <= _LOOP_LONGEST and words[index : index + rest] == words[index - size : index - size + rest]:
            return " ".join(words[index : index + max(size, _LOOP_WORDS)])
    phrase = _overused(words)
    if phrase is not None:
        return phrase
    sentences = [" ".join(_WORD.findall(part)).lower() for part in _SENTENCE.findall(text)]
    sentences = [sentence for sentence in sentences if sentence]
    return next(
        (one for one, two in pairwise(sentences) if one == two and one.count(" ") >= _REPEATED_SENTENCE - 1), None
    )


def _overused(words: Sequence[str]) -> str | None:
    """Three words, one of them long, that stand three times in a line of ordinary length, in a row or not."""
    if len(words) > _LINE:
        return None
    grams = Counter(zip(words, words[1:], words[2:], strict=False))
    often = (gram for gram, times in grams.items() if times >= _LOOP_TIMES and max(map(len, gram)) >= _LONG_WORD)
    return next((" ".join(gram) for gram in often), None)
