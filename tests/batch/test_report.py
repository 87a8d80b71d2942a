"""The closing report: plots and worst rows on one page that opens offline and that no input can write into."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import pytest

import summarizer
from summarizer.batch.formats import Places
from summarizer.batch.job import Report, Task, do
from summarizer.batch.report import check_path, page, write
from summarizer.batch.tally import Measure, Tally
from summarizer.errors import ConfigError
from summarizer.testing import fake_config

EVIL = "<script>alert(1)</script>\" onload='x' &lt; \ud800"
PATH = "<script>\" onload='x' javascript:alert(1) #?%41"


WRONG = """
import re
from summarizer.testing import FakeModel

class Wrong(FakeModel):
    '''A translator that gets every number wrong.'''

    def __init__(self, settings=None):
        super().__init__(settings, reply=lambda text, options: f"«{options.target}» " + re.sub(r"[0-9]+", "77", text))
"""


class Tags(HTMLParser):
    """The tags of a page, their attributes, and the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.names: set[str] = set()
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.names |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_nothing_of_the_input_becomes_markup(tmp_path: Path) -> None:
    """Names, messages, kinds, paths and signatures may hold anything, half characters included."""
    tally = Tally()
    tally.add(
        [Measure(1, 900, 90, 5, (EVIL,), "", (EVIL,), EVIL, f"{PATH}.json"), Measure(2, error=EVIL, name=EVIL)], 1.0
    )
    places = Places(f"in{PATH}.jsonl", tmp_path / f"out{PATH}")
    made = Tags(page(Report(tally, EVIL), places, beside=tmp_path))
    assert not {"script", "link", "img", "iframe"} & set(made.tags)
    assert "onload" not in made.names
    assert "<script>alert(1)</script>" in made.text
    assert all("<" not in link and '"' not in link and ":" not in link for link in made.links)


@pytest.mark.parametrize("target", ["out.jsonl", "out"])
def test_the_report_of_a_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    """It names what was found and links the worst rows, also those of a run that was broken off before."""
    text = "Der Rat der Stadt hat am Montag {} neue Bänke bestellt. Sie kosten zusammen {} Euro."
    source = tmp_path / "in.jsonl"
    rows = [{"id": f"<b>{i}", "text": text.format(i, 10 * i) if i != 30 else ""} for i in range(40)]
    source.write_text("\n".join(map(json.dumps, rows)))
    (tmp_path / "wrong_model.py").write_text(WRONG)
    monkeypatch.syspath_prepend(tmp_path)
    load = partial(summarizer.load, fake_config(translation={"model": "wrong_model:Wrong"}))
    places = Places(source, tmp_path / target)

    def stop(tally: Tally, _share: float | None) -> None:
        if tally.rows == 32:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        do(places, Task(), load, stop)
    done = do(places, Task(), load)
    assert (done.tally.resumed, done.tally.rows, done.tally.failed) == (32, 40, 1)
    (tmp_path / "reports").mkdir()
    write(tmp_path / "reports" / "report.html", done, places)
    made = Tags((tmp_path / "reports" / "report.html").read_text("utf-8"))
    assert made.tags.count("svg") == 3
    assert "number" in made.text
    assert "EmptyInput" in made.text
    assert "<b>17" in made.text
    assert made.links
    for link in made.links:
        assert (tmp_path / "reports" / re.sub("%..", lambda code: chr(int(code[0][1:], 16)), link)).exists()


def test_a_job_of_nothing_has_a_report(tmp_path: Path) -> None:
    """No rows, no plots, no error."""
    made = Tags(page(Report(Tally(), "none"), Places("in.jsonl", tmp_path / "out.jsonl"), beside=tmp_path))
    assert "svg" not in made.tags


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="a folder that nobody can write to, root neither")
def test_a_folder_that_cannot_be_written_to_is_found_before_the_work(tmp_path: Path) -> None:
    """A report that cannot be kept is no news for the end of a long job."""
    with pytest.raises(ConfigError, match="can be written to"):
        check_path(Path("/proc/self/report.html"), Places(tmp_path / "in.jsonl", tmp_path / "out.jsonl"))


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on file sizes stands in for a full disk")
def test_a_report_that_does_not_fit_leaves_nothing_behind(tmp_path: Path) -> None:
    """A full disk: told, and no half page."""
    script = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from summarizer.batch.formats import Places; from summarizer.batch.job import Report\n"
        "from summarizer.batch.report import write; from summarizer.batch.tally import Tally\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "write(Path(sys.argv[1]), Report(Tally(), 'none'), Places('in.jsonl', Path('out.jsonl')))"
    )
    made = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "r.html")], capture_output=True, text=True, check=False
    )
    assert "ConfigError: the report cannot be written: File too large; the output is complete" in made.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["report.txt", "none/report.html", "out.html"])
def test_bad_places_for_a_report_are_refused(tmp_path: Path, name: str) -> None:
    """Before the work, not after it."""
    with pytest.raises(ConfigError):
        check_path(tmp_path / name, Places(tmp_path / "in.jsonl", tmp_path / "out.html"))
