"""The judge: what the article does not say is doubted, in windows, in batches; a real tiny classifier learns to tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

import summarizer
from summarizer.errors import ConfigError, InputTooLarge, ModelFailed, ModelNotFound
from summarizer.models.classifier import Classifier
from summarizer.models.settings import Settings
from summarizer.stages.abstractive import AbstractiveSummarizer
from summarizer.stages.judge import JudgedSummarizer
from summarizer.testing import FakeSummarizer, fake_config
from summarizer.text.document import read
from summarizer.types import Finding
from tests.tiny_judge import PAIRS, bert

ARTICLE = (
    "Die Stadt baut eine neue Brücke über den Fluss. Der Bau kostet 18 Millionen Euro und dauert zwei Jahre. "
    "Die Händler der Altstadt fürchten um ihre Kunden. Busse und Bahnen fahren weiter wie bisher."
)


class WordsInCommon:
    """A judge that believes what shares its words with the premise. Tokens are words; ``asked`` are its pairs."""

    def __init__(self, window: int = 200) -> None:
        self.name, self.window, self.closed = "words", window, False
        self.asked: list[list[tuple[str, str]]] = []

    def count(self, text: str) -> int:
        return len(text.split())

    def backed(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        self.asked.append(list(pairs))
        assert all(self.count(one) + self.count(two) <= self.window for one, two in pairs)
        return [len({*one.split()} & {*two.split()}) / len({*two.split()}) for one, two in pairs]

    def close(self) -> None:
        self.closed = True


def judged(line: str, judge: WordsInCommon, *, threshold: float = 0.5, article: str = ARTICLE) -> tuple[Finding, ...]:
    writer = AbstractiveSummarizer(FakeSummarizer(reply=lambda _text, _options: line))
    stage = JudgedSummarizer(writer, judge, threshold=threshold)
    (draft,) = stage.summarize([read(article, language="de").document], sentences=3)
    return tuple(finding for finding in draft.findings if finding.kind == "unsupported")


def test_a_doubted_line_is_a_finding_with_the_judges_probability() -> None:
    """Confidence is how sure the judge is that the article does not say it."""
    (finding,) = judged("Die Stadt reißt morgen Brücke, Bahnhof und Rathaus der Altstadt ab.", WordsInCommon())
    assert (finding.step, finding.line, finding.flagged) == ("summary", 0, True)
    assert finding.confidence > 0.5
    assert "words" in finding.message


def test_a_backed_line_is_read_against_its_evidence_alone() -> None:
    """The article is read only where the evidence does not convince."""
    judge = WordsInCommon()
    assert judged("Die Stadt baut eine Brücke über den Fluss.", judge) == ()
    ((premise, _),) = judge.asked[0]
    assert premise.startswith("Die Stadt baut eine neue Brücke")
    assert len(judge.asked) == 1


def test_a_line_taken_word_by_word_is_not_judged() -> None:
    """There is nothing to doubt."""
    judge = WordsInCommon()
    assert judged("Der Bau kostet 18 Millionen Euro und dauert zwei Jahre.", judge) == ()
    assert judge.asked == []


def test_a_long_article_is_read_in_windows_and_its_best_counts() -> None:
    """No pair is over the window, and the sentence that backs the line is found in the last of them."""
    filler = " ".join(f"Satz Nummer {number} handelt von ganz anderen Dingen der Stadt." for number in range(60))
    line = "Busse und Bahnen fahren dort weiter wie bisher."
    judge = WordsInCommon(window=40)
    assert judged(line, judge, article=f"{filler} {ARTICLE}", threshold=0.99)[0].confidence < 0.3
    assert len(judge.asked) == 2
    assert len(judge.asked[1]) > 10


def test_the_name_says_who_judged_and_how_strictly() -> None:
    """It stands in the signature; closing reaches both."""
    writer, judge = FakeSummarizer(), WordsInCommon()
    stage = JudgedSummarizer(AbstractiveSummarizer(writer), judge, threshold=0.4)
    assert stage.name == "fake+words<0.4"
    stage.close()
    assert (writer.closed, judge.closed) == (True, True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bert(tmp_path_factory.mktemp("judge"))


@pytest.fixture(scope="module")
def classifier(folder: Path) -> Iterator[Classifier]:
    model = Classifier(Settings((str(folder),), device="cpu", threads=1))
    yield model
    model.close()


def test_a_real_classifier_tells_what_it_has_learnt(classifier: Classifier) -> None:
    """Entailed pairs are above one half, contradicted and neutral ones below."""
    chances = classifier.backed([(premise, line) for premise, line, _ in PAIRS])
    assert [chance > 0.5 for chance in chances] == [label == "entailment" for _, _, label in PAIRS]


def test_the_same_pair_whatever_the_batch(classifier: Classifier) -> None:
    """Padding changes nothing."""
    pairs = [(premise, line) for premise, line, _ in PAIRS] * 4
    together = classifier.backed(pairs)
    alone = [classifier.backed([pair])[0] for pair in pairs[: len(PAIRS)]]
    assert together == pytest.approx(alone * 4, abs=1e-4)


def test_a_pair_over_the_window_is_an_error_not_a_cut(classifier: Classifier) -> None:
    """The window is that of the checkpoint, special tokens off: 48 positions, three of them taken."""
    assert classifier.window == 45
    with pytest.raises(InputTooLarge, match=r"over the window of .* \(45\)"):
        classifier.backed([("ja " * 40, "nein " * 10)])


def test_a_preset_switches_the_judge_on(folder: Path) -> None:
    """Its name stands in the signature; the default preset has none."""
    config = fake_config(
        summary={"model": "summarizer.testing:FakeSummarizer"},
        judge={"weights": str(folder), "threshold": 0.5},
        device="cpu",
        threads=1,
    )
    with summarizer.load(config) as chain:
        assert f"+classifier:{folder.name}<0.5" in chain(ARTICLE).signature
    assert "classifier" not in summarizer.load(fake_config()).signature()


def test_weights_that_are_not_on_disk_are_named() -> None:
    """The cure is in the message."""
    config = fake_config(judge={"weights": "nobody/absinth-judge"})
    with pytest.raises(ModelNotFound, match="nobody/absinth-judge"):
        summarizer.load(config)


@pytest.mark.parametrize(
    ("judge", "message"),
    [
        ({"weights": "a/b", "treshold": 0.5}, r"judge.treshold: unknown key.*did you mean 'threshold'"),
        ({"weights": "a/b", "threshold": 2}, r"judge.threshold"),
        ({"threshold": 0.5}, r"judge.weights"),
    ],
)
def test_a_judge_is_as_strict_as_the_rest(judge: dict[str, object], message: str) -> None:
    """A slip names its path."""
    with pytest.raises(ConfigError, match=message):
        fake_config(judge=judge)


def relabelled(folder: Path, copy: Path, change: Callable[[str], str]) -> Path:
    """The same checkpoint with other names for its labels."""
    for file in folder.iterdir():
        text = file.read_bytes()
        (copy / file.name).write_bytes(change(text.decode()).encode() if file.name == "config.json" else text)
    return copy


def test_labels_that_say_nothing_must_be_explained(folder: Path, tmp_path: Path) -> None:
    """LABEL_0 may mean anything; the preset says what it means."""
    copy = relabelled(folder, tmp_path, lambda text: text.replace("entailment", "LABEL_0"))
    settings = Settings((str(copy),), device="cpu", threads=1)
    with pytest.raises(ModelFailed, match=r"labels LABEL_0, .*judge.supported"):
        Classifier(settings)
    premise, line, _ = PAIRS[0]
    assert Classifier(settings, supported=["label_0"]).backed([(premise, line)])[0] > 0.5


def test_the_labels_of_absinth_are_known(folder: Path, tmp_path: Path) -> None:
    """Faithful backs; intrinsic and extrinsic hallucinations do not."""
    names = {"entailment": "Faithful", "neutral": "Extrinsic Hallucination", "contradiction": "Intrinsic Hallucination"}

    def change(text: str) -> str:
        for old, new in names.items():
            text = text.replace(old, new)
        return text

    copy = relabelled(folder, tmp_path, change)
    model = Classifier(Settings((str(copy),), device="cpu", threads=1))
    assert [chance > 0.5 for chance in model.backed([pair[:2] for pair in PAIRS[:2]])] == [True, False]
