"""Build the word lists that tell names from words: German nouns and English words that are no names.

    python -m training.word_lists PAIRS.tsv.xz summarizer/data/facts

PAIRS holds German TAB English (TAB source). A capitalised German word is a noun if the English side seldom repeats it;
names of known places are left out. An English word is no name if it is also written small. Only lists of words come out,
none of the text.
"""

from __future__ import annotations

import argparse
import lzma
import re
from collections import Counter
from pathlib import Path

from summarizer.text.facts.places import place

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_AFTER_START = re.compile(r"[^\W\d_][^\s]*[\w,;)]\s+(?=[^\W\d_])")


def count(path: Path) -> tuple[Counter[str], Counter[str], Counter[str], Counter[str]]:
    """Capitalised German words in mid-sentence, those repeated in the English; English words small, and with a capital."""
    german, repeated, small, capital = (Counter[str]() for _ in range(4))
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            source, target = line.rstrip("\n").split("\t")[:2]
            english = [match.group() for match in _WORD.finditer(target)]
            held = {word.lower().removesuffix("'s") for word in english if word[0].isupper()}
            for start in _AFTER_START.finditer(source):
                match = _WORD.match(source, start.end())
                if match and len(match.group()) > 2 and match.group()[0].isupper() and not match.group().isupper():
                    word = match.group()
                    german[word.lower()] += 1
                    repeated[word.lower()] += word.lower() in held or word.lower().removesuffix("s") in held
            for start in _AFTER_START.finditer(target):
                match = _WORD.match(target, start.end())
                if match:
                    word = match.group().removesuffix("'s")
                    (small if word.islower() else capital)[word.lower()] += 1
    return german, repeated, small, capital


def main() -> None:
    """Write ``nouns.de.txt`` and ``words.en.txt``, most frequent words first in neither: sorted, one per line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    german, repeated, small, capital = count(arguments.pairs)
    nouns = sorted(
        word
        for word, seen in german.items()
        if seen >= 3 and repeated[word] < 0.25 * seen and len(word) <= 14 and not place(word, "de")
    )
    words = sorted(
        word for word, seen in small.items() if seen >= 3 and seen > 0.05 * (seen + capital[word]) and word.isascii()
    )
    for name, listed in (("nouns.de.txt", nouns), ("words.en.txt", words)):
        (arguments.folder / name).write_text("\n".join(listed) + "\n", encoding="utf-8")
        print(name, len(listed), "words")


if __name__ == "__main__":
    main()
