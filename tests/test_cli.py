"""The command line: what goes to which stream, and the exit code of every end."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer.cli import main, progress, shelf
from summarizer.config import Config
from summarizer.types import Result
from tests.documents import docx, paragraph, pdf

ARTICLE = (
    "Rat beschließt neues Schwimmbad\n\n"
    "Der Rat der Stadt Musterhausen hat am Montag den Bau eines Schwimmbads beschlossen. "
    "Es soll 12,5 Millionen Euro kosten und im Jahr 2027 öffnen. "
    "Die Bürgermeisterin sprach von einem guten Tag für alle Kinder. "
    "Die Opposition stimmte nicht zu. Sie hält den Entwurf für zu teuer.\n"
)

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def preset(tmp_path: Path) -> str:
    path = tmp_path / "fake.yaml"
    path.write_text(
        "summary: {model: extractive}\n"
        'translation: {model: "summarizer.testing:FakeModel", languages: {source: ["*"], target: ["*"]}}\n'
    )
    return str(path)


@pytest.fixture
def article(tmp_path: Path) -> str:
    path = tmp_path / "artikel.txt"
    path.write_text(ARTICLE, "utf-8")
    return str(path)


@pytest.fixture
def command(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the program in this process: exit code, standard output, standard error."""

    def run(*arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main(arguments)
        out, err = capfd.readouterr()
        return code, out, err

    return run


def test_text_has_summary_translations_and_findings_in_order(command: Run, article: str, preset: str) -> None:
    """The page for people: title, summary, each translation in the order asked for, what to check."""
    code, out, err = command("run", article, "--to", "en", "--to", "fr", "--preset", preset, "--sentences", "2")
    assert (code, err) == (0, "")
    places = [
        out.index(part) for part in ("Rat beschließt", "Summary (de)", "Translation (en)", "Translation (fr)", "Check")
    ]
    assert places == sorted(places)
    assert "«fr» " in out
    assert "\x1b" not in out


def test_json_is_exactly_the_result(command: Run, article: str, preset: str) -> None:
    """Standard output is one JSON document that makes the same Result again, umlauts readable."""
    code, out, _ = command("run", article, "--to", "en", "--preset", preset, "--format", "json", "--length", "short")
    record = json.loads(out)
    assert code == 0
    assert Result.from_dict(record).to_dict() == record
    assert len(record["lines"]) == 2
    assert "ö" in out or "ß" in out


def test_markdown_has_all_parts(command: Run, article: str, preset: str) -> None:
    """The Markdown page holds findings, the source of every line with its place, coverage and signature."""
    code, out, _ = command("run", article, "--preset", preset, "--format", "markdown")
    assert code == 0
    headings = [line for line in out.splitlines() if line.startswith("#")]
    assert headings == [
        "# Rat beschließt neues Schwimmbad", "## Summary (de)", "## Translation (en)",
        "## Check before you trust it", "## Sources (characters in the article)",
    ]  # fmt: skip
    assert f"{len(ARTICLE):,} characters" in out
    assert "`summarizer 0" in out


@pytest.mark.parametrize("arguments", [("run", "-"), ("run",)])
def test_standard_input_is_read(command: Run, preset: str, arguments: tuple[str, ...]) -> None:
    """A dash, or no file at all, reads standard input."""
    code, out, _ = command(*arguments, "--preset", preset, stdin=ARTICLE.encode())
    assert code == 0
    assert "Schwimmbad" in out


def test_a_guessed_encoding_is_told(command: Run, preset: str) -> None:
    """Windows bytes are read, and the guess is said on standard error."""
    code, out, err = command("run", "-", "--preset", preset, stdin=ARTICLE.encode("cp1252"))
    assert code == 0
    assert "öffnen" in out
    assert err.startswith("warning: standard input: not UTF-8 (byte 12); read as cp1252")


def test_translate_goes_line_by_line(command: Run, preset: str) -> None:
    """Each line has its line in the output, blank ones too."""
    text = "Der Hund schläft heute lange.\r\n\r\nDie Katze wacht über das Haus."
    code, out, err = command("translate", "-", "--to", "en", "--preset", preset, stdin=text.encode())
    assert (code, err) == (0, "")
    assert out == "«en» Der Hund schläft heute lange.\n\n«en» Die Katze wacht über das Haus.\n"


MISTAKES = [
    (("run", "nirgends.txt"), b"", "nirgends.txt: No such file or directory"),
    (("run", "."), b"", "Is a directory"),
    (("run", "-"), b"", "empty"),
    (("run", "-"), b" \n\t\n", "empty"),
    (("run", "-"), b"\x00\x01\x02\xff" * 50, "not UTF-8"),
    (("run", "-"), b"%PDF-1.7", "PDF file is damaged"),
    (("run", "-", "--preset", "gibtsnicht"), ARTICLE.encode(), "no preset or file 'gibtsnicht'"),
    (("run", "-", "--to", "englisch!"), ARTICLE.encode(), "to must be a language code"),
    (("run", "-", "--sentences", "2", "--length", "short"), ARTICLE.encode(), "--sentences or --length, not both"),
    (("run", "-", "--sentences", "0"), ARTICLE.encode(), "sentences"),
    (("run", "-", "--length", "tiny"), ARTICLE.encode(), "'short', 'medium', 'long'"),
    (("run", "-", "--device", "tpu"), ARTICLE.encode(), "'cpu', 'cuda', 'auto'"),
    (("run", "-", "--format", "xml"), ARTICLE.encode(), "'text', 'json', 'markdown'"),
    (("run", "a", "b"), b"", "unexpected extra argument"),
    (("run", "--bogus"), b"", "No such option"),
    (("translate", "-", "--to", "en", "--to", "fr"), b"x", "one --to"),
    (("batch", "in.jsonl"), b"", "Missing argument"),
    (("batch", "in.jsonl", "out.jsonl"), b"", "there is no input"),
    (("batch", "in.xml", "out.jsonl"), b"", "no ending this job knows"),
    (("batch", "-", "-", "--cluster", "local"), b"", "IN and OUT must be files"),
    (("batch", "-", "-", "--report", "report.txt"), b"", "the report is a web page"),
    (
        ("batch", "-", "-", "--to", "fr"),
        b"{}",
        "preset 'default' does not translate into fr; take the preset '",
    ),
    (("pull", "gibtsnicht"), b"", "no preset or file"),
    (("bogus",), b"", "No such command"),
    ((), b"", "Missing command"),
]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("artikel.docx", docx(*map(paragraph, ARTICLE.strip().split("\n\n")))),
        ("artikel.pdf", pdf(["# Rat beschließt neues Schwimmbad", "", *textwrap.wrap(ARTICLE.split("\n\n")[1], 60)])),
    ],
)
def test_documents_are_read(command: Run, preset: str, tmp_path: Path, name: str, data: bytes) -> None:
    """Word and PDF files, by their name or through a pipe, give what their text gives."""
    path = tmp_path / name
    path.write_bytes(data)
    code, out, err = command("run", str(path), "--preset", preset, "--format", "json", "--sentences", "1")
    assert (code, err) == (0, "")
    result = Result.from_dict(json.loads(out))
    assert result.title == "Rat beschließt neues Schwimmbad"
    assert result.summary in ARTICLE
    assert command("run", "-", "--preset", preset, "--sentences", "1", stdin=data)[0] == 0
    code, out, err = command("translate", str(path), "--preset", preset)
    assert code == 0
    assert "Musterhausen" in out


def test_read_prints_what_the_offsets_count_in(command: Run, preset: str, tmp_path: Path) -> None:
    """The spans of a result of a PDF file point into the text that ``read`` prints, to the character."""
    path = tmp_path / "artikel.pdf"
    path.write_bytes(pdf(["# Rat beschließt neues Schwimmbad", "", *textwrap.wrap(ARTICLE.split("\n\n")[1], 60)]))
    code, text, err = command("read", str(path))
    assert (code, err) == (0, "")
    out = command("run", str(path), "--preset", preset, "--format", "json")[1]
    spans = [span for line in Result.from_dict(json.loads(out)).lines for span in line.evidence]
    assert spans
    assert all(text[span.start : span.end] == span.text for span in spans)


def test_urls_are_not_fetched(command: Run) -> None:
    """The program works offline, and says what to do."""
    code, out, err = command("run", "https://example.org/artikel")
    assert (code, out) == (2, "")
    assert "save the page" in err


@pytest.mark.parametrize(("arguments", "stdin", "message"), MISTAKES)
def test_mistakes_end_in_2_and_one_line(  # noqa: PLR0917 - fixtures
    command: Run,
    preset: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    arguments: tuple[str, ...],
    stdin: bytes,
    message: str,
) -> None:
    """Wrong usage, settings and input: exit code 2, one line on standard error, nothing on standard output."""
    monkeypatch.chdir(tmp_path)
    known = (
        (*arguments, "--preset", preset)
        if arguments[:1] in {("run",), ("translate",)} and "--preset" not in arguments
        else arguments
    )
    code, out, err = command(*known, stdin=stdin)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert message in err
    assert err.count("\n") == 1


def test_a_missing_model_ends_in_3(command: Run, article: str, tmp_path: Path) -> None:
    """Weights that are not there: exit code 3 and the cure."""
    preset = tmp_path / "missing.yaml"
    preset.write_text('summary: {model: extractive}\ntranslation: {model: ct2, weights: "./nothing-here"}\n')
    code, out, err = command("run", article, "--preset", str(preset))
    assert (code, out) == (3, "")
    assert "check the path or the name" in err


def test_an_unexpected_fault_is_one_line_until_debugged(
    command: Run, article: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault in a model shows no traceback, but says how to see it."""
    (tmp_path / "broken_model.py").write_text("class Broken:\n    def __init__(self, _):\n        1 / 0\n")
    monkeypatch.syspath_prepend(tmp_path)
    preset = tmp_path / "broken.yaml"
    preset.write_text('summary: {model: extractive}\ntranslation: {model: "broken_model:Broken"}\n')
    code, _, err = command("run", article, "--preset", str(preset))
    assert code == 3
    assert (
        err
        == "error: unexpected ZeroDivisionError: division by zero (run again with SUMMARIZER_DEBUG=1 for the traceback)\n"
    )
    monkeypatch.setenv("SUMMARIZER_DEBUG", "1")
    assert "Traceback" in command("run", article, "--preset", str(preset))[2]


def test_a_draft_translator_is_named_once(
    command: Run, article: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the bundled model translated, one line on standard error says so and names the cure."""
    (tmp_path / "draft_model.py").write_text(
        "from summarizer.testing import FakeModel\n"
        "class Draft(FakeModel):\n"
        "    def __init__(self, settings):\n"
        "        super().__init__(settings)\n"
        "        self.name = 'ct2:bundled:de-en:int8'\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    preset = tmp_path / "draft.yaml"
    preset.write_text('summary: {model: extractive}\ntranslation: {model: "draft_model:Draft"}\n')
    for arguments in (("run", article), ("run", article, "--format", "json"), ("translate", article)):
        code, out, err = command(*arguments, "--preset", str(preset))
        assert (code, err.count("\n")) == (0, 1)
        assert "draft quality" in err
        assert "summarizer pull default" in err
        assert "draft" not in out.replace("draft.yaml", "").replace("preset=draft", "")


def test_batch_reports_and_ends_in_1_when_rows_failed(command: Run, preset: str, tmp_path: Path) -> None:
    """Bad rows: exit code 1 and their number; all good: 0; done already: 2 unless told to overwrite."""
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(json.dumps({"id": 1, "text": ARTICLE}) + "\n{broken\n")
    code, out, err = command("batch", str(source), str(target), "--preset", preset)
    assert (code, out) == (1, "")
    assert "2 rows, 1 errors (1 InputError)" in err
    assert command("batch", str(source), str(target), "--preset", preset)[0] == 2
    source.write_text(json.dumps({"id": 1, "text": ARTICLE}) + "\n")
    code, _, err = command("batch", str(source), str(target), "--preset", preset, "--overwrite", "--sentences", "1")
    assert code == 0
    assert len(json.loads(target.read_text())["result"]["lines"]) == 1


def test_a_quiet_batch_says_nothing_and_its_report_is_there(command: Run, preset: str, tmp_path: Path) -> None:
    """With --quiet not a word on a job that goes well; with --report a page beside it."""
    source, report = tmp_path / "in.jsonl", tmp_path / "report.html"
    source.write_text(json.dumps({"id": 1, "text": ARTICLE}) + "\n")
    arguments = (
        "batch",
        str(source),
        str(tmp_path / "out.csv"),
        "--preset",
        preset,
        "--quiet",
        "--report",
        str(report),
    )
    assert command(*arguments) == (0, "", "")
    assert "1 rows" in report.read_text("utf-8")


@pytest.mark.parametrize(
    ("seconds", "first", "share", "said"),
    [(60.0, 0.0, 0.25, "0:03:00 left"), (10.0, 0.5, 0.51, "0:08:10 left"), (9.0, 0.5, 0.5, ""), (9.0, None, None, "")],
)
def test_time_left_is_that_of_this_run(seconds: float, first: float | None, share: float | None, said: str) -> None:
    """A resumed job counts from where it took up; where nobody knows the length nothing is said."""
    assert progress.time_left(seconds, first, share) == said


def test_presets_are_listed(command: Run) -> None:
    """The list names every preset, its models, licences and what is on disk, for people and for programs."""
    code, out, err = command("presets")
    assert (code, err) == (0, "")
    assert all(word in out for word in ("default", "hub", "Apache-2.0", "extractive", "on disk", "de → en"))
    records = {record["name"]: record for record in json.loads(command("presets", "--format", "json")[1])}
    assert records["default"]["weights"]["translation"] == ["Helsinki-NLP/opus-mt-de-en", "bundled:de-en"]
    assert records["default"]["on_disk"]["summary"] == "needs none"


def test_a_judge_is_listed_and_pulled(command: Run, tmp_path: Path) -> None:
    """A preset's judge is a model like the others: shown between summary and translation, and fetched by pull."""
    path = tmp_path / "judged.yaml"
    path.write_text(
        "summary: {model: extractive}\n"
        "judge: {weights: ./no-judge, licence: MIT, size: 1 GB}\n"
        'translation: {model: "summarizer.testing:FakeModel"}\n'
    )
    found = shelf._shelved(Config.load(path))
    assert list(found.models) == ["summary", "judge", "translation"]
    assert [found.weights["judge"], found.licence["judge"], found.size["judge"]] == [["./no-judge"], "MIT", "1 GB"]
    assert found.on_disk["judge"] is None
    code, _, err = command("pull", str(path))
    assert code == 3
    assert "judge: looking for ./no-judge" in err


def test_each_of_several_models_is_listed_and_pulled(command: Run, tmp_path: Path) -> None:
    """By the path of its section, with its own licence, languages and size."""
    path = tmp_path / "opus.yaml"
    path.write_text(
        "summary: {model: extractive}\n"
        "translation:\n"
        "  - {model: ct2, weights: 'bundled:de-en', licence: MIT, languages: {source: [de], target: [en]}}\n"
        "  - {model: ct2, weights: ./no-fr, licence: CC-BY-4.0, size: 1 GB, languages: {source: [en], target: [fr]}}\n"
    )
    found = shelf._shelved(Config.load(path))
    assert list(found.models) == ["summary", "translation[0]", "translation[1]"]
    assert (found.licence["translation[0]"], found.licence["translation[1]"]) == ("MIT", "CC-BY-4.0")
    assert (found.languages["translation[1]"], found.size["translation[1]"]) == ("en → fr", "1 GB")
    assert (found.on_disk["translation[0]"] or "").startswith("bundled:de-en")
    assert found.on_disk["translation[1]"] is None
    code, out, err = command("pull", str(path))
    assert code == 3
    assert "translation[0]: bundled:de-en" in out
    assert "translation[1]: looking for ./no-fr" in err


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("run", "--help"), ("batch", "--help")])
def test_help_and_version(command: Run, arguments: tuple[str, ...]) -> None:
    """Asking costs nothing and fails never."""
    code, out, err = command(*arguments)
    assert (code, err) == (0, "")
    assert "summarizer" in out


def test_the_real_program_is_lean(article: str, preset: str) -> None:
    """A run imports no framework; its streams are UTF-8 even where the machine's code page is not."""
    check = (
        "import sys; from summarizer.cli import main; code = main(sys.argv[1:]); "
        "sys.exit(code or ', '.join({'torch', 'transformers', 'gradio', 'rich', 'pyarrow'} & set(sys.modules)) or 0)"
    )
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "-c", check, "run", article, "--preset", preset],
        capture_output=True,
        env=environment,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "öffnen" in done.stdout.decode("utf-8")


def started(*arguments: str, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    """The program, with Python itself up and the package's first module imported."""
    script = (
        "import signal, sys; from summarizer.cli import main; "
        "signal.signal(signal.SIGINT, signal.default_int_handler); "  # a job in the background inherits deafness to it
        "print('up', flush=True); sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", script, *arguments]
    process = subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == b"up"
    return process


def test_a_closed_pipe_is_quiet(article: str, preset: str) -> None:
    """A reader that has seen enough is no error."""
    with started("run", article, "--preset", preset) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.2, 1.0])
def test_ctrl_c_ends_in_130_at_any_time(delay: float, preset: str) -> None:
    """Interrupted while it imports, or while it waits for input: 130 and not a word."""
    reading, writing = os.pipe()
    with started("run", "-", "--preset", preset, stdin=reading) as process:
        time.sleep(delay)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    os.close(reading)
    os.close(writing)
    assert (process.returncode, err) == (130, b"")


def test_ctrl_c_in_a_batch_leaves_what_the_next_run_goes_on_with(preset: str, tmp_path: Path) -> None:
    """Interrupted in the work: 130, no traceback of any process, no lock left, and the rest is done by the next run."""
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(json.dumps({"text": f"{ARTICLE} Am Ende kamen {n} Gäste."}) + "\n" for n in range(400)))
    arguments = ("batch", str(source), str(target), "--preset", preset, "--batch-size", "4", "--workers", "2")
    journal = tmp_path / "out.jsonl.journal"
    with started(*arguments) as process:
        while process.poll() is None and (not journal.exists() or journal.read_bytes().count(b"\n") < 2):
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in err
    assert sorted(path.name for path in tmp_path.iterdir() if "out" in path.name) == [
        "out.jsonl.journal",
        "out.jsonl.partial",
    ]
