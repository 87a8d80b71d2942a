"""Values survive the trip to JSON and back, and are picklable for worker processes."""

from __future__ import annotations

import json
import pickle

import pytest

from summarizer import Article, Coverage, Dropped, Finding, Line, MissingDependency, Result, Span
from summarizer.errors import SummarizerError

RESULT = Result(
    summary="Eins. Zwei.",
    translations={"en": "One. Two.", "fr": "Un. Deux."},
    title="Zahlen",
    language="de",
    language_confidence=0.99,
    lines=(
        Line("Eins.", {"en": "One.", "fr": "Un."}, (Span(10, 15, "Eins."),), 1.0),
        Line("Zwei.", {"en": "Two.", "fr": "Deux."}, (), 0.0),
    ),
    findings=(
        Finding("translation", "number", "3", "2 became 3", 1, "en", "2", 0.9, Span(0, 1, "3"), Span(0, 1, "2")),
        Finding("translation", "name", "", "Rom is missing", 1, "en", "Rom", 0.6, None, Span(4, 7, "Rom")),
    ),
    coverage=Coverage(30, 20, 10, 0, (Dropped("credit", Span(20, 30, "Foto: dpa.")),)),
    timings={"total": 0.1},
    signature="summarizer 0 | preset=x",
)


def test_result_goes_through_json_and_back() -> None:
    """``from_dict(json(to_dict()))`` is the same result."""
    assert Result.from_dict(json.loads(json.dumps(RESULT.to_dict()))) == RESULT


def test_from_dict_passes_over_keys_of_later_versions() -> None:
    """A result written by a newer version can be read."""
    data = {**RESULT.to_dict(), "mood": "fine"}
    data["lines"][0]["stress"] = 1
    assert Result.from_dict(data) == RESULT


def test_translation_is_the_first() -> None:
    """One translation is enough for most callers."""
    assert RESULT.translation == "One. Two."


def test_article_from_parts_has_exact_spans() -> None:
    """Every block is the slice it names."""
    article = Article.from_parts(["Erster Absatz.", " ", "Zweiter."], title="Titel", standfirst="Vorspann.")
    assert article.title == "Titel"
    assert [block.role for block in article.blocks] == ["title", "standfirst", "body", "body"]
    assert all(article.text[block.span.start : block.span.end] == block.span.text for block in article.blocks)


@pytest.mark.parametrize(
    "value", [RESULT, MissingDependency("openai", "chat", "The chat wrapper"), SummarizerError("x")]
)
def test_values_and_errors_travel_between_processes(value: object) -> None:
    """Pickle gives back an equal value, an error with its message."""
    back = pickle.loads(pickle.dumps(value))
    assert back == value or (type(back) is type(value) and str(back) == str(value))


def test_missing_dependency_names_the_cure() -> None:
    """The message can be pasted into a shell."""
    error = MissingDependency("openai", "chat", "The chat wrapper")
    assert "pip install 'summarizer[chat]'" in str(error)
