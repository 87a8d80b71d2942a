"""Whoever listens hears the steps in order and each model's parts; nobody else hears them, and nothing else changes."""

from __future__ import annotations

import threading

import pytest

import summarizer
from summarizer.progress import Stage, heard_by
from summarizer.testing import FakeSummarizer, fake_config
from tests.service.shared import ARTICLE


class Narrow(FakeSummarizer):
    """Takes 120 words at a time."""

    def __init__(self, settings: object = None) -> None:
        super().__init__(settings, window=120)


LONG = "\n\n".join(f"Absatz {number}. {ARTICLE}" for number in range(8))


def test_the_steps_are_told_in_order() -> None:
    """Reading, summary, each translation, checks; a model counts its texts up to the last."""
    heard: list[Stage] = []
    with summarizer.load(fake_config()) as chain:
        with heard_by(heard.append):
            list(chain.steps(ARTICLE, ("en", "fr"), sentences=2))
        told = len(heard)
        chain(ARTICLE, "en")
    steps = [stage.step for stage in heard if not stage.total]
    assert steps == ["read", "summary", "translation", "checks", "translation", "checks", "translation", "checks"]
    parts = [stage for stage in heard if stage.total]
    assert {stage.step for stage in parts} == {"translation"}
    assert (parts[0].done, parts[0].total) == (1, 2)
    assert len(heard) == told


def test_a_long_article_is_told_in_parts() -> None:
    """A model that summarises window by window says which of how many is done."""
    heard: list[Stage] = []
    summary = {"model": "tests.test_progress:Narrow", "licence": "Apache-2.0"}
    with summarizer.load(fake_config(summary=summary)) as chain, heard_by(heard.append):
        chain(LONG, "en")
    parts = [stage for stage in heard if stage.step == "summary" and stage.total]
    first = parts[0].total
    assert first > 2
    assert parts[:first] == [Stage("summary", number, first) for number in range(1, first + 1)]


def test_a_listener_further_out_hears_it_too() -> None:
    """Each once, the outer first; what it raises ends the work, and no one hears of the rest."""
    heard: list[tuple[str, str]] = []

    def stop(stage: Stage) -> None:
        heard.append(("outer", stage.step))
        if stage.step == "translation":
            raise KeyboardInterrupt

    def note(stage: Stage) -> None:
        heard.append(("inner", stage.step))

    with summarizer.load(fake_config()) as chain, pytest.raises(KeyboardInterrupt), heard_by(stop), heard_by(note):
        chain(ARTICLE, "en")
    assert heard == [(who, step) for step in ("read", "summary") for who in ("outer", "inner")] + [
        ("outer", "translation")
    ]


def test_another_thread_is_not_heard() -> None:
    """Two articles at work at the same time do not tell each other's readers."""
    heard: list[Stage] = []
    with summarizer.load(fake_config()) as chain, heard_by(heard.append):
        other = threading.Thread(target=chain, args=(ARTICLE, "en"))
        other.start()
        other.join()
    assert heard == []
