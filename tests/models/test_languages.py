"""ISO codes to model codes, and what a model covers."""

from __future__ import annotations

import pytest

from summarizer.errors import LanguageNotSupported
from summarizer.models.languages import Languages

M2M = {"__de__", "__en__", "__fr__"}
NLLB = {"deu_Latn", "eng_Latn", "zho_Hans", "nob_Latn"}
MBART = {"de_DE", "en_XX", "zh_CN"}
OPUS = {">>deu<<", ">>fra<<", ">>cmn_Hans<<", ">>pt<<"}
MADLAD = {"<2de>", "<2en>"}


@pytest.mark.parametrize(
    ("vocabulary", "language", "token"),
    [
        (M2M, "de", "__de__"),
        (NLLB, "de", "deu_Latn"),
        (NLLB, "zh", "zho_Hans"),
        (NLLB, "no", "nob_Latn"),
        (MBART, "en", "en_XX"),
        (OPUS, "de", ">>deu<<"),
        (OPUS, "pt", ">>pt<<"),
        (OPUS, "zh", ">>cmn_Hans<<"),
        (MADLAD, "en", "<2en>"),
        (M2M, "xx", None),
        ({"▁der", "▁the"}, "de", None),
    ],
)
def test_a_language_has_the_token_of_its_family(vocabulary: set[str], language: str, token: str | None) -> None:
    """The vocabulary decides which family's spelling is meant."""
    assert Languages(vocabulary).token(language) == token


@pytest.mark.parametrize(
    ("vocabulary", "name", "declared", "pair", "covered"),
    [
        (M2M, "m2m", (), "de-fr", True),
        (M2M, "m2m", (), "de-es", False),
        (M2M, "m2m", (), "de-de", False),
        (M2M, "m2m", ("de", "en"), "de-en", True),
        (M2M, "m2m", ("de", "en"), "de-de", True),
        (M2M, "m2m", ("de-en",), "en-de", False),
        ((), "Helsinki-NLP/opus-mt-de-en", (), "de-en", True),
        ((), "Helsinki-NLP/opus-mt-de-en", (), "en-de", False),
        ((), "Helsinki-NLP/opus-mt-tc-big-deu-eng", (), "de-en", True),
        ((), "someone/mt5-small-german-summaries", (), "de-de", True),
        ((), "someone/mt5-small-german-summaries", (), "de-en", False),
        ((), "someone/mt5-small-german-summaries", ("de",), "en-en", False),
        ((), "someone/mt5", ("de", "en"), "de-en", False),
        (OPUS, "Helsinki-NLP/opus-mt-en-ROMANCE", (), "en-fr", True),
        (OPUS, "Helsinki-NLP/opus-mt-en-ROMANCE", (), "de-fr", False),
        (OPUS, "Helsinki-NLP/opus-mt-mul-mul", (), "sv-fr", True),
        (OPUS, "Helsinki-NLP/opus-mt-gmw-gmw", (), "de-fr", True),
        (OPUS, "Helsinki-NLP/opus-mt-gmw-gmw", (), "es-fr", False),
        (MADLAD, "google/madlad400-3b-mt", (), "fr-en", True),
    ],
)
def test_what_a_model_covers(
    vocabulary: set[str], name: str, declared: tuple[str, ...], pair: str, covered: bool
) -> None:
    """What is declared wins; then the tokens; then the name; a model that says nothing keeps its language."""
    assert Languages(vocabulary, name, declared).supports(*pair.split("-")) is covered


def test_a_model_of_many_languages_asks_for_the_one_it_lacks() -> None:
    """The message names the role and the language."""
    with pytest.raises(LanguageNotSupported, match="source language 'es'"):
        Languages(M2M, "m2m").required("es", "source")
    with pytest.raises(LanguageNotSupported, match="name the target language"):
        Languages(M2M, "m2m").required(None, "target")
