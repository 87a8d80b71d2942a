"""Which language a text is in, and how sure that is. Honest on short text: one name is not a German article.

The model is py3langid's: 140 languages, 0.1 ms per sentence, +93 MB, 0.5 s to load on an idle core. It was chosen over
lingua with ``benchmarks/language.py``: lingua's full models take 5 s and 460 MB, and of what its small ones are sure of,
6 % of the stretches of three English words are wrong (here 0.2 %). Chinese, Japanese, Korean and Greek are told by their
script and need no model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

UNKNOWN = "und"

# Prior weights, multiplied on the model's probabilities. Among 140 languages a single German word drowns. They were
# chosen on newstest2018; on newstest2017 42 % of the single German and 17 % of the single English words are right
# without them, 87 % and 53 % with them; of whole sentences 99.7 % and 99.6 %, 99.8 % and 99.9 %.
_EXPECTED: Mapping[str, float] = {"de": 4.0, "en": 4.0} | dict.fromkeys(
    ("fr", "es", "it", "pt", "nl", "pl", "da", "sv", "no", "cs", "hu", "ro", "fi", "tr", "ru", "uk", "ar", "bg", "zxx"),
    1.0,
)
_RARE = 0.05
_SAME = {"wuu": "zh", "yue": "zh", "nn": "no", "nb": "no", "arz": "ar", "ary": "ar", "uzs": "uz"}

_SAMPLES, _SAMPLE = (
    8,
    600,
)  # 4,800 characters from all over a text: the whole gave the same for all of 281 longer articles
_NO_WORDS = re.compile(r"https?://\S+|www\.\S+|[@#]\w+|[\w.+-]{1,64}@[\w.-]+|[\d_]+")
_LETTER = re.compile(r"[^\W\d_]")
_KANA = re.compile("[\u3041-\u30ff\uff66-\uff9d]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]")
_HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")

# A sentence is called foreign only above these: of 6,002 German news sentences none was, of their English sides in a
# German article 97 % were (newstest2017 and 2018).
_SURE = 0.9
_FOREIGN_WORDS, _FOREIGN_LETTERS = 4, 16
_HOME = 5.0  # how much likelier a sentence is in the article's language, before it is read


@dataclass(frozen=True, slots=True)
class Detected:
    """An ISO 639-1 code and a confidence from 0 to 1; ``("und", 0.0)`` where there is no word to go by."""

    language: str
    confidence: float


def detect(text: str) -> Detected:
    """The language of ``text``. A long text is judged by samples taken from all over it; safe from any thread."""
    return _best(_chances(_words(_sampled(text))))


def foreign(texts: Sequence[str], language: str) -> list[str | None]:
    """For each text the language it is in where that is surely another than ``language``, else None.

    Names, numbers and short lines are never foreign.
    """
    return [_foreign(text, language) for text in texts]


def _foreign(text: str, language: str) -> str | None:
    words = _words(_sampled(text))
    chances = _chances(words)
    chances[language] = chances.get(language, 0.0) * _HOME
    best = _best(chances)
    if best.language in (language, UNKNOWN) or best.confidence < _SURE:
        return None
    return best.language if _is_long_enough(words, best.language) else None


def _is_long_enough(words: str, language: str) -> bool:
    letters = len(_LETTER.findall(words))
    if language in ("zh", "ja", "ko"):
        return letters >= _FOREIGN_WORDS
    # Words with a small first letter: "Manchester United Football Club" is a name, not an English sentence.
    plain = sum(word[:1].islower() for word in words.split())
    return letters >= _FOREIGN_LETTERS and len(words.split()) >= _FOREIGN_WORDS and plain >= 2


def _sampled(text: str) -> str:
    if len(text) <= _SAMPLES * _SAMPLE:
        return text
    step = (len(text) - _SAMPLE) // (_SAMPLES - 1)
    sample = "\n".join(text[start : start + _SAMPLE] for start in range(0, step * _SAMPLES, step))
    if _LETTER.search(sample):
        return sample
    letter = _LETTER.search(text)
    return text[letter.start() : letter.start() + _SAMPLE] if letter else ""


def _words(text: str) -> str:
    return _NO_WORDS.sub(" ", text).strip()


def _best(chances: Mapping[str, float]) -> Detected:
    total = sum(chances.values())
    if not total:
        return Detected(UNKNOWN, 0.0)
    language = max(chances, key=lambda code: chances[code] if len(code) == 2 else -1.0)
    return Detected(language, min(1.0, chances[language] / total))


def _chances(words: str) -> dict[str, float]:
    letters = len(_LETTER.findall(words))
    if not letters:
        return {}
    return _by_script(words, letters) or _by_model(words)


def _by_script(words: str, letters: int) -> dict[str, float]:
    kana, han, hangul, greek = (len(script.findall(words)) for script in (_KANA, _HAN, _HANGUL, _GREEK))
    cjk = kana + han + hangul
    rest = letters - cjk - greek
    # A Han or Hangul character says about as much as three Latin letters.
    if 3 * cjk > max(rest, greek):
        share = 3 * cjk / (3 * cjk + rest + greek)
        if hangul > kana + han:
            return {"ko": share, UNKNOWN: 1 - share}
        if kana * 10 > han:
            return {"ja": share, UNKNOWN: 1 - share}
        # A few characters without kana may still be a Japanese name or headline.
        chinese = share if han >= 12 else 0.85 * share
        return {"zh": chinese, "ja": share - chinese, UNKNOWN: 1 - share}
    return {"el": greek / letters, UNKNOWN: 1 - greek / letters} if greek > rest else {}


def _by_model(words: str) -> dict[str, float]:
    chances: dict[str, float] = {}
    for label, chance in _model().rank(words):
        code = _SAME.get(label, label)
        weight = _EXPECTED.get(code, _RARE if len(code) == 2 else 0.0)
        chances[code] = chances.get(code, 0.0) + weight * chance
    return chances


_LOADING = Lock()


def _model() -> Any:
    with _LOADING:  # two threads that come first at once would load two
        return _load()


@cache
def _load() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - 0.6 s that few commands need

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
