"""What went wrong is told in the reader's language, with a cure, and without a word of the text."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

import summarizer
from summarizer.errors import (
    EmptyInput,
    InputTooLarge,
    LanguageNotSupported,
    MissingDependency,
    ModelNotFound,
    SummarizerError,
)
from summarizer.service.core import Service
from summarizer.service.limits import Limits
from summarizer.service.page.speech import facts, speech
from summarizer.service.page.view import render_error
from summarizer.service.page.wrongs import wrong
from summarizer.service.problems import QueueFull, ServiceError
from summarizer.testing import fake_config


def classes(base: type[Exception]) -> Iterator[type[Exception]]:
    for found in base.__subclasses__():
        yield found
        yield from classes(found)


OWN = sorted(
    {found for base in (SummarizerError, ServiceError) for found in classes(base) if found.__module__.startswith("summarizer.")},
    key=lambda found: found.__name__,
)  # fmt: skip


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    languages = {"source": ["de"], "target": ["en", "fr"]}
    translation = {"model": "summarizer.testing:FakeModel", "licence": "Apache-2.0", "languages": languages}
    with summarizer.load(fake_config(translation=translation, max_characters=50_000)) as chain:
        yield Service([chain], Limits())


@pytest.mark.parametrize(
    ("error", "title"),
    [
        (EmptyInput("x"), "There is nothing to summarize yet"),
        (InputTooLarge("x"), "That is more text than this page takes"),
        (LanguageNotSupported("x"), "This language pair is not covered"),
        (QueueFull("x"), "Busy right now, please try again in a moment"),
        (RuntimeError("x"), "That did not work"),
    ],
)
def test_errors_have_plain_words(error: Exception, title: str) -> None:
    """The nearest class names what happened; the German words differ."""
    assert wrong(error, "en", {}).title == title
    assert wrong(error, "de", {}).title != title


@pytest.mark.parametrize("kind", OWN, ids=lambda kind: kind.__name__)
def test_every_error_is_told_in_german(kind: type[Exception], service: Service) -> None:
    """Each class of the package has a German sentence of its own or of its family, with nothing left to fill in."""
    error = kind("babel", "page", "x") if kind is MissingDependency else kind("secret")
    told = wrong(error, "de", facts(service, service.chain.config, "de")).told
    assert told.language == "de"
    assert not {"{", "}"} & set(told.text)
    assert "secret" not in told.text


@pytest.mark.parametrize(
    ("error", "german"),
    [
        (InputTooLarge(""), ("Ein Artikel darf hier 50.000 Zeichen haben, eine Datei 16 MB. Bitte kürzen oder teilen, oder summarizer auf "
         "einem eigenen Rechner laufen lassen.")),
        (LanguageNotSupported(""), ("Die Voreinstellung „fake“ fasst zusammen: alle Sprachen. Sie übersetzt aus: Deutsch; "
         "in: Englisch, Französisch. Bitte eine dieser Sprachen wählen, eine Voreinstellung, die mehr kann, oder für die "
         "Zusammenfassung allein gar kein Ziel.")),
        (ModelNotFound(""), "Wer den Dienst betreibt, holt es mit: summarizer pull fake"),
        (MissingDependency("pypdf", "files", "x"), "Wer den Dienst betreibt, holt ihn mit: pip install 'summarizer[files]'"),
    ],
)  # fmt: skip
def test_german_names_what_is_true_of_the_service(error: Exception, german: str, service: Service) -> None:
    """Numbers, languages and names come from the service and the error itself."""
    assert wrong(error, "de", facts(service, service.chain.config, "de")).told.text == german


def test_an_unknown_error_keeps_its_english() -> None:
    """An error of somebody's own stage is shown in English, and marked as that for screen readers."""

    class Odd(SummarizerError):
        pass

    assert wrong(Odd("too odd"), "de", {}).told.language == "en"
    assert '<p lang="en">Too odd.</p>' in render_error(Odd("too odd"), ui="de", facts={})
    assert "<p>Too odd.</p>" in render_error(Odd("too odd"), ui="en", facts={})


def test_an_unforeseen_error_is_not_quoted() -> None:
    """Its message may hold the text, or a path of this machine."""
    for ui in ("de", "en"):
        assert "secret" not in render_error(RuntimeError("secret"), ui=ui, facts={})


def test_scripts_are_told_the_same(service: Service) -> None:
    """What scripts read holds every class, in both languages, and cannot end the element it stands in."""
    spelled = speech(service).removeprefix('<script type="application/json" id="sz-speech">').removesuffix("</script>")
    assert "<" not in spelled
    said = json.loads(spelled)
    config = service.chain.config
    for ui in ("de", "en"):
        told = wrong(InputTooLarge("The cure."), ui, facts(service, config, ui))
        assert said[ui]["wrongs"]["InputTooLarge"] == {
            "title": told.title,
            "told": told.told.text if ui == "de" else "",
        }
        assert said[ui]["limits"]["rows"] == 10_000
