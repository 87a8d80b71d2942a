"""Bytes into text. UTF-8 and byte order marks are trusted, Western bytes are read with a warning, anything else is an error.

Text is never mended: a byte that cannot be read is no reason to put a question mark into somebody's article.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from summarizer.errors import UndecodableInput

_MARKS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FORMATS = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x28\xb5\x2f\xfd", "Zstandard data"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
)
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_DECLARED = re.compile(
    rb"""<(?:meta\b[^<>]*?\bcharset|\?xml\b[^<>]*?\bencoding)\s*=\s*["']?\s*([\w-]{3,20})""", re.IGNORECASE
)
_KNOWN = re.compile(
    r"(iso-8859-\d+|windows-\d+|cp\d+|koi8-[ru]|shift[_-]jis|euc-(jp|kr)|iso-2022-jp|gb2312|gbk|gb18030|big5)"
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
# Signs that Western text does not have inside a word; reading Polish or Cyrillic bytes as Western gives them.
_WEDGED = re.compile(r"[A-Za-z][¡¢£¤¥¦§¨©ª«¬®¯°±²³´µ¶¸¹º»¼½¾¿×÷ˆ˜†‡‰‹›][a-z]")

# Form feeds and stray escapes occur in text files; the bytes of a binary are 10 % and more control characters.
MAX_CONTROL = 0.01
# ASCII letters per byte above 127: German has 40, French 20; Cyrillic, Greek or Chinese bytes have under 1.
MIN_ASCII = 2.0
# Bytes of a UTF-8 table that may be bad. A whole file in another code page has more, or passes as Western text.
MAX_BAD = 0.05


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was in, and what to tell the reader where that encoding is a guess (else empty)."""

    text: str
    encoding: str
    warning: str = ""


def decode(data: bytes, *, declared: str = "") -> Decoded:
    """The text in ``data``: by its byte order mark, as UTF-8, as declared, or as Windows-1252 if plausible.

    ``declared`` is what came with the bytes, from a server for example; else what HTML says of itself counts.

    Raises:
        UndecodableInput: the bytes are a known binary format, or no text in any of these encodings.
    """
    _refuse_format(data)
    mark = next((name for bom, name in _MARKS if data.startswith(bom)), "utf-8")
    try:
        text = data.decode(mark)
    except UnicodeDecodeError as error:
        if mark != "utf-8":
            raise UndecodableInput(
                f"the byte order mark says {mark}, but byte {error.start} breaks it; save as UTF-8"
            ) from error
        return _guessed(data, error, _codec(declared))
    _refuse_control(text)
    return Decoded(text, mark)


def encoding_of(sample: bytes) -> str:
    """The encoding that the beginning of a long file is in; a character cut off at its end does no harm.

    UTF-8 with bad bytes here and there is still UTF-8: in a table they spoil their row, not the others.

    Raises:
        UndecodableInput: a known binary format, or too few of the bytes are text in any encoding tried.
    """
    whole = sample[: sample.rfind(b"\n") + 1] or sample
    mark = next((name for bom, name in _MARKS if whole.startswith(bom)), "utf-8")
    if mark.startswith(("utf-16", "utf-32")):
        return mark
    try:
        return decode(whole).encoding
    except UndecodableInput:
        text = whole.decode("utf-8", "surrogateescape")
        bad = sum("\udc80" <= character <= "\udcff" for character in text)
        if bad == 0 or bad > MAX_BAD * len(text):
            raise
        return mark


def _guessed(data: bytes, error: UnicodeDecodeError, said: str) -> Decoded:
    declared = said or _declared(data)
    source = "as was said with it" if said else "as its HTML declares"
    for name in (declared, "cp1252"):
        try:
            text = data.decode(name) if name else ""
        except UnicodeDecodeError:
            continue
        if text and (name == declared or _western(data, text)):
            _refuse_control(text)
            told = source if name == declared else "because that gives plausible text"
            return Decoded(text, name, f"not UTF-8 (byte {error.start}); read as {name} {told}")
    raise UndecodableInput(
        f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8 and the whole is no Western text either; "
        "if it is text, save it as UTF-8"
    ) from error


def _declared(data: bytes) -> str:
    found = _DECLARED.search(data[:4096])
    return _codec(found[1].decode("ascii")) if found else ""


def _codec(name: str) -> str:
    """The name of a code page as Python has it; empty for one that is not known, or is none."""
    name = name.strip().lower()
    name = "cp1252" if name in ("iso-8859-1", "windows-1252") else name  # what browsers do
    try:
        return codecs.lookup(name).name if _KNOWN.fullmatch(name) else ""
    except LookupError:
        return ""


def _western(data: bytes, text: str) -> bool:
    """Whether text read as Windows-1252 is likely to be what its author wrote."""
    letters = sum(map(str.isalpha, data.decode("ascii", "ignore")))
    high = sum(byte > 127 for byte in data)
    damaged = sum(not character.isascii() for character in data.decode("utf-8", "ignore"))
    # Valid UTF-8 sequences among the bytes mean a damaged UTF-8 file; Western text forms one only by accident.
    return letters >= MIN_ASCII * high and damaged * 10 <= high and not _WEDGED.search(text)


def _refuse_control(text: str) -> None:
    found = _CONTROL.findall(text)
    if len(found) > MAX_CONTROL * len(text):
        raise UndecodableInput(
            f"{len(found)} of {len(text)} characters are control characters: this is no text file; give plain text or HTML"
        )


def _refuse_format(data: bytes) -> None:
    for magic, name in _FORMATS:
        if data.startswith(magic):
            raise UndecodableInput(f"this is {name}, not text; give the plain text or HTML in it")
    if data.count(0) * 3 > len(data) and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, *_UTF32)):
        raise UndecodableInput("every other byte is zero: UTF-16 without a byte order mark, or no text; save as UTF-8")
