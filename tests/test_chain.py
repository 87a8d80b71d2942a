"""One article in, one result out: coverage, order, batches, errors, both orders. The model is the public fake."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import summarizer
from summarizer import Article, EmptyInput, InputError, InputTooLarge, LanguageNotSupported, Result, UndecodableInput
from summarizer.chain import Chain
from summarizer.config import Config
from summarizer.errors import ConfigError, ModelFailed, ModelNotFound
from summarizer.models.protocol import Options
from summarizer.stages.abstractive import AbstractiveSummarizer
from summarizer.stages.extractive import ExtractiveSummarizer
from summarizer.stages.translation import Translator
from summarizer.testing import FakeModel, FakeSummarizer, fake_config
from summarizer.types import Generation

ARTICLE = """Verkehr

Die Brücke über die Saale wird für zwei Jahre gesperrt

Halle – Die Stadt sperrt die Brücke über die Saale vom 3. Mai an für zwei Jahre. Der Bau kostet 18 Millionen Euro.

Foto: © dpa

Umleitung über die Autobahn

Autofahrer müssen in dieser Zeit über die Autobahn fahren. Der Weg wird dadurch um zwölf Kilometer länger. \
Busse und Bahnen fahren weiter, weil für sie eine zweite Brücke gebaut wurde. Die Händler der Altstadt fürchten, \
dass weniger Kunden kommen. Die Stadt hat ihnen 200.000 Euro Hilfe zugesagt. (abc)
"""


@pytest.fixture(scope="module")
def chain() -> Iterator[Chain]:
    with summarizer.load(fake_config()) as loaded:
        yield loaded


def built(model: FakeModel, *, summary: FakeModel | None = None, **config: Any) -> Chain:
    """A chain on given fakes."""
    stage = AbstractiveSummarizer(summary) if summary else ExtractiveSummarizer()
    return Chain(stage, Translator(model), fake_config(**config))


def test_every_line_is_linked_and_translated(chain: Chain) -> None:
    """A line has its evidence in the caller's text and one translation per language."""
    result = chain(ARTICLE, to=("en", "fr"), sentences=2)
    assert len(result.lines) == 2
    for line in result.lines:
        (span,) = line.evidence
        assert ARTICLE[span.start : span.end] == span.text == line.text
        assert line.translations == {"en": f"«en» {line.text}", "fr": f"«fr» {line.text}"}
    assert result.summary == " ".join(line.text for line in result.lines)
    assert result.translation == result.translations["en"]
    assert result.title == "Die Brücke über die Saale wird für zwei Jahre gesperrt"
    assert (result.language, result.language_confidence > 0.9) == ("de", True)


def test_coverage_adds_up_and_names_the_junk(chain: Chain) -> None:
    """Every character is read, dropped with a kind, or unread."""
    coverage = chain(ARTICLE).coverage
    assert coverage.total == len(ARTICLE) == coverage.read + coverage.dropped + coverage.unread
    assert coverage.dropped == sum(item.span.end - item.span.start for item in coverage.junk)
    assert {"credit", "dateline"} <= {item.kind for item in coverage.junk}


def test_junk_can_be_kept() -> None:
    """``clean: false`` drops nothing."""
    with summarizer.load(fake_config(clean=False)) as chain:
        assert chain(ARTICLE).coverage.dropped == 0


def test_signature_is_one_line_with_models_and_options(chain: Chain) -> None:
    """What reproduces the output stands in it."""
    signature = chain(ARTICLE, to="en", sentences=2).signature
    for part in ("summarizer ", "preset=fake", "extractive/", "sentences=2", "translation=fake", "beams=4", "to=en"):
        assert part in signature
    assert "\n" not in signature


def test_translating_into_the_articles_language_is_the_identity(chain: Chain) -> None:
    """No model is asked, and nothing changes."""
    result = chain(ARTICLE, to="de")
    assert result.translations == {"de": result.summary}


def test_summary_alone(chain: Chain) -> None:
    """``to=None`` and ``summarize`` give no translation."""
    assert chain(ARTICLE, to=None).translations == chain.summarize(ARTICLE).translations == {}
    assert chain.summarize(ARTICLE).translation == ""


def test_translate_keeps_count_order_and_blanks(chain: Chain) -> None:
    """One text in, one out, whatever is in it."""
    assert chain.translate(["Ein Satz.", "", "Noch einer. Und einer."], to="en", source="de") == [
        "«en» Ein Satz.",
        "",
        "«en» Noch einer. «en» Und einer.",
    ]
    assert chain.translate([], to="en") == []


@pytest.mark.parametrize("size", [1, 2, 8, 32])
def test_stream_is_the_same_for_every_batch_size(chain: Chain, size: int) -> None:
    """Batches are an economy, not an option."""
    texts = [ARTICLE.replace("Saale", name) for name in ("Elbe", "Oder", "Isar", "Ruhr", "Saar")]
    results = list(chain.stream(texts, to="en", batch_size=size))
    assert [result.lines for result in results] == [chain(text, to="en").lines for text in texts]


def test_the_signature_tells_every_option_apart() -> None:
    """Two outputs made with different options never carry the same line."""
    model = {"model": "summarizer.testing:FakeModel"}
    changes: list[dict[str, Any]] = [
        {},
        {"hypotheses": 2},
        {"repetition_penalty": 3.0},
        {"length_penalty": 3.0},
        {"no_repeat_ngram": 2},
        {"max_tokens": 6},
        {"beams": 2},
    ]
    chains = [summarizer.load(fake_config(translation={**model, **change})) for change in changes]
    lines = [chain.signature("en") for chain in [*chains, summarizer.load(fake_config(clean=False))]]
    lines.append(chains[0](ARTICLE, language="de").signature)
    assert len(set(lines)) == len(lines)


@pytest.mark.parametrize("blank", [[], [""], ["", " \n"]])
def test_nothing_to_translate_needs_no_language(chain: Chain, blank: list[str]) -> None:
    """Blank texts come back; no language is guessed from them."""
    assert chain.translate(blank, to="en") == blank


def test_wrong_kinds_of_argument_are_named(chain: Chain) -> None:
    """A slip that Python would let through for a while is an error of ours at once."""
    with pytest.raises(InputError, match="many texts"):
        chain.stream(ARTICLE)
    with pytest.raises(ConfigError, match="on_error"):
        chain.stream([ARTICLE], on_error="skip")  # type: ignore[call-overload]
    with pytest.raises(InputError, match="not NoneType"):
        chain.translate([None])  # type: ignore[list-item]
    with pytest.raises(ConfigError, match="not 5"):
        chain(ARTICLE, to=5)  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="not int"):
        summarizer.load(5)  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="is no model"):
        summarizer.load(fake_config(translation={"model": "os.path:join"}))
    with pytest.raises(InputError, match="both must be a str"):
        summarizer.check(None, "a")  # type: ignore[arg-type]


def test_stream_is_lazy_and_bounded() -> None:
    """No more than a batch is read ahead, and an endless input is no problem."""
    read = 0

    def endless() -> Iterator[str]:
        nonlocal read
        while True:
            read += 1
            yield ARTICLE

    with summarizer.load(fake_config()) as chain:
        stream = chain.stream(endless(), batch_size=4)
        assert read == 0
        next(stream)
        assert read == 4


def test_an_article_that_fails_keeps_its_place(chain: Chain) -> None:
    """With ``on_error="return"`` the stream goes on."""
    outcomes = list(chain.stream([ARTICLE, "", ARTICLE], batch_size=3, on_error="return"))
    assert [type(outcome) for outcome in outcomes] == [Result, EmptyInput, Result]
    with pytest.raises(EmptyInput):
        list(chain.stream([ARTICLE, ""]))


def test_one_article_that_breaks_the_model_does_not_take_its_batch_along() -> None:
    """A model failure is put down to the article that caused it."""

    def breaks(text: str, options: Options) -> str:
        if "Oder" in text:
            raise ModelFailed("out of memory")
        return f"«{options.target}» {text}"

    chain = built(FakeModel(reply=breaks))
    texts = [ARTICLE, ARTICLE.replace("Saale", "Oder"), ARTICLE]
    outcomes = list(chain.stream(texts, batch_size=3, on_error="return"))
    assert [type(outcome) for outcome in outcomes] == [Result, ModelFailed, Result]


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("", EmptyInput, "empty"),
        (" \n\t", EmptyInput, "empty"),
        ("1 2 3 4 5 6 7 8 9.", EmptyInput, "no words"),
        ("a" * 100_000, EmptyInput, "no words"),
        ("Erste Überschrift\n\nZweite Überschrift\n\nDritte Überschrift", EmptyInput, "heading"),
        ("Foto: © dpa\n\nAnzeige", EmptyInput, "junk"),
        ("Ein Satz mit \ud800 darin.", UndecodableInput, "surrogates"),
        (b"Bytes", InputError, "str or an Article, not bytes"),
        (None, InputError, "not NoneType"),
    ],
)
def test_what_cannot_be_summarised_says_why(chain: Chain, text: Any, error: type[Exception], message: str) -> None:
    """An InputError names cause and cure; there is never a traceback of another kind."""
    with pytest.raises(error, match=message):
        chain(text)


def test_too_large_is_an_error_not_a_cut() -> None:
    """The limit is stated with its cure."""
    with summarizer.load(fake_config(max_characters=100)) as chain, pytest.raises(InputTooLarge, match="limit is 100"):
        chain(ARTICLE)


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_text_gives_a_result_or_an_input_error(text: str) -> None:
    """No string a caller can make breaks the chain, and what is read adds up."""
    chain = built(FakeModel())
    try:
        result = chain(text, to="en")
    except (InputError, LanguageNotSupported):
        return
    assert result.coverage.total == len(text) == result.coverage.read + result.coverage.dropped + result.coverage.unread
    assert min(result.coverage.read, result.coverage.unread) >= 0
    assert Result.from_dict(result.to_dict()) == result


def test_a_pair_no_model_covers_names_a_preset_that_does() -> None:
    """The reader learns what to do."""
    chain = built(FakeModel(pairs=lambda source, target: (source, target) == ("de", "en")))
    with pytest.raises(LanguageNotSupported, match=r"de → fr; take the preset .*'multilingual'"):
        chain(ARTICLE, to="fr")


def test_a_pair_without_a_model_goes_through_english_and_says_so() -> None:
    """De → en → fr where de → fr is not to be had."""
    chain = built(FakeModel(pairs=lambda source, target: "en" in (source, target)))
    result = chain("Die Stadt baut eine neue Brücke über den Fluss.", to="fr", sentences=1)
    assert result.translation == f"«fr» «en» {result.summary}"
    assert [finding.kind for finding in result.findings if finding.kind == "pivot"] == ["pivot"]


def test_a_summariser_that_does_not_read_the_language_says_so() -> None:
    """A German summariser does not pretend to read English."""
    config = fake_config(summary={"model": "summarizer.testing:FakeSummarizer", "languages": ["de"]})
    with summarizer.load(config) as chain, pytest.raises(LanguageNotSupported, match=r"take the preset .*'default'"):
        chain("The bridge over the river is closed for two years. The work costs 18 million euros.", to="de")


def says(text: str) -> Any:
    """A reply that is the same for every text."""
    return lambda _text, _options: text


def test_the_hypothesis_that_keeps_the_facts_is_taken() -> None:
    """A number lost by the best-scoring output is found in the next."""
    model = FakeModel(reply=says("It costs 81 million euros."), alternatives=[says("It costs 18 million euros.")])
    chain = Chain(ExtractiveSummarizer(), Translator(model, options=Options(beams=2, hypotheses=2)), fake_config())
    assert chain.translate(["Der Bau kostet 18 Millionen Euro."], to="en", source="de") == [
        "It costs 18 million euros."
    ]


def test_a_number_changed_in_translation_is_a_finding() -> None:
    """What no hypothesis keeps, the reader is told."""
    chain = built(FakeModel(reply=says("The new bridge costs 81 million euros.")))
    result = chain("Der Bau der neuen Brücke kostet 18 Millionen Euro.", to="en")
    assert [(item.step, item.kind, item.line) for item in result.findings] == [("translation", "number", 0)]


def test_output_that_hits_its_bound_is_a_finding() -> None:
    """A translation cut by the model is never shown as whole."""
    chain = Chain(ExtractiveSummarizer(), Translator(FakeModel(), options=Options(max_tokens=5)), fake_config())
    findings = chain(ARTICLE, to="en", sentences=1).findings
    assert "truncated" in {finding.kind for finding in findings if finding.step == "translation"}


def test_long_lines_are_split_to_the_window_and_joined() -> None:
    """No word is lost to a small window."""
    chain = Chain(ExtractiveSummarizer(), Translator(FakeModel(window=8, reply=lambda text, _: text)), fake_config())
    text = "Die Stadt sperrt die Brücke, weil sie alt ist, und baut in zwei Jahren eine neue, die breiter ist."
    assert chain.translate([text], to="en", source="de") == [text]


def test_a_long_article_is_read_to_its_end_by_a_model_with_a_window() -> None:
    """Map-reduce: the last paragraph reaches a model whose window holds a tenth of the article."""
    seen: list[str] = []

    def shorten(text: str, _: Options) -> str:
        seen.append(text)
        return text.split(".", maxsplit=1)[0] + "."

    model = FakeSummarizer(reply=shorten, window=40)
    text = ". ".join(f"Satz Nummer {number} spricht von der Stadt und ihrer Brücke" for number in range(60)) + "."
    result = built(FakeModel(), summary=model)(text, sentences=2)
    first_round = " ".join(seen)
    assert all(f"Nummer {number} " in first_round for number in range(60))
    assert 1 <= len(result.lines) <= 2
    assert all(line.evidence for line in result.lines)
    assert result.coverage.unread == 0


def test_a_model_that_copies_is_cut_with_a_finding() -> None:
    """Its bound makes every round shrink, and the reader is told that a sentence was cut."""
    text = ". ".join(f"Satz Nummer {number} spricht von der Brücke" for number in range(40)) + "."
    result = built(FakeModel(), summary=FakeSummarizer(reply=lambda text, _: text, window=20))(text)
    assert "truncated" in {finding.kind for finding in result.findings if finding.step == "summary"}


def test_a_model_that_minds_no_bound_is_an_error_not_a_hang() -> None:
    """Every round must shrink."""

    class Boundless(FakeSummarizer):
        def generate(self, texts: Sequence[str], options: Options) -> list[Generation]:
            return super().generate(texts, replace(options, max_tokens=None))

    text = ". ".join(f"Satz Nummer {number} spricht von der Brücke" for number in range(40)) + "."
    chain = built(FakeModel(), summary=Boundless(reply=lambda text, _: text, window=20))
    with pytest.raises(ModelFailed, match="never comes to an end"):
        chain(text)


def test_a_written_line_the_article_does_not_back_gives_way_to_the_article() -> None:
    """Its best evidence stands there instead, and the finding names what was dropped and what is shown."""
    invented = "Der Bau kostet 99 Millionen Euro."
    result = built(FakeModel(), summary=FakeSummarizer(reply=says(invented)))(ARTICLE)
    assert [line.text for line in result.lines] == ["Der Bau kostet 18 Millionen Euro."]
    (finding,) = [item for item in result.findings if item.kind == "unsupported"]
    assert (finding.step, finding.value, finding.expected, finding.line) == ("summary", invented, result.summary, 0)
    assert finding.flagged
    assert "99" in finding.message


def test_an_invented_number_is_a_finding_where_the_article_has_nothing_to_give() -> None:
    """An article of one sentence that the summary repeats already: the line stays, with what is wrong with it."""
    text = "Der Bau der neuen Brücke über die Saale kostet die Stadt Halle 18 Millionen Euro."
    invented = "Der Bau der Brücke kostet 99 Millionen Euro."
    result = built(FakeModel(), summary=FakeSummarizer(reply=says(f"{text} {invented}")))(text)
    assert [line.text for line in result.lines] == [text, invented]
    assert ("summary", "number") in {(item.step, item.kind) for item in result.findings}


def test_translate_first_keeps_the_link_to_the_source() -> None:
    """The summary is chosen from the translated article; evidence still points into the caller's text."""
    chain = built(FakeModel(), order="translate-first")
    result = chain(ARTICLE, to=("en", "fr"), sentences=2)
    for line in result.lines:
        (span,) = line.evidence
        assert ARTICLE[span.start : span.end] == span.text == line.text
        assert line.translations["en"] == f"«en» {line.text}"
        assert line.translations["fr"] == f"«fr» {line.text}"


def test_translate_first_cuts_nothing_in_silence() -> None:
    """A sentence of the article that was cut, or went through English, on its way to the summariser is a finding."""
    config = fake_config(order="translate-first")
    cut = Chain(ExtractiveSummarizer(), Translator(FakeModel(), options=Options(max_tokens=5)), config)
    assert "truncated" in {finding.kind for finding in cut(ARTICLE, to="en", sentences=1).findings}
    through = built(FakeModel(pairs=lambda source, target: "en" in (source, target)), order="translate-first")
    assert "pivot" in {finding.kind for finding in through(ARTICLE, to="fr", sentences=1).findings}


def test_a_foreign_sentence_in_the_target_language_passes_through(chain: Chain) -> None:
    """An English quotation is not translated into English."""
    quote = "We have never seen such a wonderful bridge in all our long lives, the visitors wrote in the book."
    text = f"{quote} Das Buch liegt im Rathaus der Stadt aus."
    result = chain(text, to="en", sentences=2, language="de")
    line = next((line for line in result.lines if line.text == quote), None)
    assert line is None or line.translations["en"] == quote


def test_threads_share_a_chain(chain: Chain) -> None:
    """Sixteen threads get the answer that one gets."""
    expected = chain(ARTICLE, to="en").lines
    answers: list[bool] = []
    threads = [
        threading.Thread(target=lambda: answers.append(chain(ARTICLE, to="en").lines == expected)) for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 16


def test_a_preset_without_its_models_says_how_to_get_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cure can be pasted."""
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    with pytest.raises(ModelNotFound, match=r"summarizer pull hub\)$"):
        summarizer.load("hub")


def test_close_reaches_the_models() -> None:
    """A closed chain holds no weights and says so when used."""
    model = FakeModel()
    with built(model) as chain:
        chain(ARTICLE)
    assert model.closed
    with pytest.raises(ModelFailed, match="closed"):
        chain(ARTICLE)


def test_an_article_made_of_parts_is_taken_as_it_is(chain: Chain) -> None:
    """No cleaning is done twice."""
    article = Article.from_parts(["Foto: © dpa ist kein Satz, den jemand löscht. Zwei Sätze sind es."], title="Titel")
    assert chain(article, to="en").coverage.dropped == 0
    assert chain(article, to="en").title == "Titel"


def test_batch_size_must_be_positive(chain: Chain) -> None:
    """A slip is named before the first text is read."""
    with pytest.raises(ConfigError, match="batch_size"):
        chain.stream([ARTICLE], batch_size=0)


def test_one_preset_is_loaded_once() -> None:
    """``summarizer.summarize`` keeps its models for the next call."""
    config: Config = fake_config(name="once")
    first = summarizer.summarize(ARTICLE, preset=config)
    assert summarizer.summarize(ARTICLE, preset=config).lines == first.lines
    assert summarizer._loaded(config) is summarizer._loaded(fake_config(name="once"))
