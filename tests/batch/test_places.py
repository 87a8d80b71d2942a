"""Where rows come from and go to beside a single plain file: packed files, patterns, URLs."""

from __future__ import annotations

import gzip
import json
import os
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from summarizer.batch.formats import Places, open_source
from summarizer.batch.landing import placed
from summarizer.batch.once import Stream
from summarizer.batch.packing import packed, zstandard
from summarizer.batch.report import check_path
from summarizer.batch.rows import Row
from summarizer.errors import ConfigError, EmptyInput, InputError
from tests.batch.shared import converted

fsspec = pytest.importorskip("fsspec")

Written = Callable[[str, bytes], Path]

LINES = b'{"id": 1, "text": "Eins."}\n{"id": 2, "text": "Zwei \xc3\xa4."}\n'
TABLE = b"id,text\n1,Eins.\n2,Zwei \xc3\xa4.\n"


def rows_of(source: str | Path) -> list[Row]:
    with closing(open_source(Places(source, Path("out.jsonl")))) as rows:
        return list(rows)


@pytest.mark.parametrize(("name", "data"), [("in.jsonl.zst", LINES), ("in.csv.zst", TABLE), ("in.JSONL.GZ", LINES)])
def test_packed_files_are_read(written: Written, name: str, data: bytes) -> None:
    """Zstandard and gzip, also of several pieces one after the other."""
    path = written(name, packed(data[:30], name) + packed(data[30:], name))
    assert [row.text for row in rows_of(path)] == ["Eins.", "Zwei ä."]


@pytest.mark.parametrize("ending", ["", ".gz", ".zst"])
def test_an_empty_file_has_no_rows(written: Written, ending: str) -> None:
    """No bytes are no rows, packed or not: so a job of no rows writes them. A table lacks its header then."""
    assert rows_of(written(f"in.jsonl{ending}", b"")) == []
    with pytest.raises(EmptyInput, match="no header line"):
        rows_of(written(f"in.csv{ending}", b""))


@pytest.mark.parametrize(("ending", "program"), [(".gz", "gzip"), (".zst", "zstd")])
def test_a_packed_file_without_its_ending_is_one_bad_row(written: Written, ending: str, program: str) -> None:
    """Not a million bad rows: one, that says what the file is and what to do."""
    (row,) = rows_of(written("in.jsonl", packed(LINES * 4000, ending)))
    assert f"packed with {program}, not JSON lines: give the name the ending {ending}" in str(row.error)


@pytest.mark.parametrize(("name", "data"), [("b.csv", b""), ("b.csv", b"id,body\n1,x\n"), ("b.csv.zst", b"no")])
def test_a_file_of_a_pattern_that_cannot_be_read_is_named(written: Written, name: str, data: bytes) -> None:
    """One of a hundred files: which?"""
    written("a.csv", TABLE)
    path = written(name, data)
    with pytest.raises((InputError, ConfigError), match=name):
        rows_of(path.with_name("*.csv*"))


@pytest.mark.parametrize("ending", [".gz", ".zst"])
@pytest.mark.parametrize("harm", ["cut", "spoilt"])
def test_a_damaged_packed_file_is_no_short_one(written: Written, ending: str, harm: str) -> None:
    """A file that is cut off or spoilt gives a bad row where it ends, never rows that are missing in silence."""
    lines = b"".join(b'{"id": %d, "text": "Satz %d."}\n' % (i, i * i) for i in range(4000))
    whole = packed(lines, ending)
    middle = len(whole) // 2
    path = written(f"in.jsonl{ending}", whole[:middle] + (b"" if harm == "cut" else b"\0" * 99 + whole[middle + 99 :]))
    try:
        rows = rows_of(path)
    except InputError:
        return
    assert sum(row.error is None for row in rows) < 4000
    assert any(word in str(row.error) for row in rows for word in ("breaks off", "not JSON"))


def test_zstandard_out(written: Written, tmp_path: Path, stream: Stream) -> None:
    """What is written as .zst is one Zstandard file of all rows."""
    converted(Places(written("in.jsonl", LINES * 30), tmp_path / "out.csv.zst"), stream)
    text = zstandard().decompress((tmp_path / "out.csv.zst").read_bytes()).decode()
    assert text.count("\n") == 61
    assert text.startswith("id,text,summary,")


def test_a_pattern_reads_its_files_in_order(written: Written, tmp_path: Path, stream: Stream) -> None:
    """Files of a pattern are one input, numbered through; a bad row names its file."""
    written("in/b.jsonl", LINES + b"{broken\n")
    written("in/a.jsonl.gz", gzip.compress(LINES))
    written("in/deep/c.jsonl", LINES)
    rows = rows_of(tmp_path / "in" / "**" / "*.jsonl*")
    assert [row.number for row in rows] == list(range(1, 8))
    assert [row.file for row in rows] == [0, 0, 1, 1, 1, 2, 2]
    assert str(rows[4].error).startswith("b.jsonl, line 3, column")
    with closing(open_source(Places(tmp_path / "in" / "**" / "*.jsonl*", tmp_path / "out.jsonl"))) as source:
        shares = [source.share() for _ in source]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    tally = converted(Places(tmp_path / "in" / "*.jsonl*", tmp_path / "out.jsonl"), stream)
    assert (tally.rows, tally.failed) == (5, 1)
    ids = [json.loads(line).get("id") for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert ids == [1, 2, 1, 2, None]


def test_tables_of_a_pattern_keep_all_their_columns(written: Written, tmp_path: Path, stream: Stream) -> None:
    """Columns that only one of the files has are there for all rows, empty where they were not."""
    written("a.csv", TABLE)
    written("b.csv", b"text,id,place\nDrei.,3,Bonn\n")
    converted(Places(tmp_path / "?.csv", tmp_path / "out.csv"), stream)
    text = (tmp_path / "out.csv").read_text().splitlines()
    assert text[0].startswith("id,text,place,summary")
    assert [line.split(",")[:4] for line in text[1:]] == [
        ["1", "Eins.", "", "EINS."],
        ["2", "Zwei ä.", "", "ZWEI Ä."],
        ["3", "Drei.", "Bonn", "DREI."],
    ]


def test_parquet_files_of_a_pattern(tmp_path: Path, stream: Stream) -> None:
    """Types are kept; one name with two types is refused before any work."""
    for name, ids in (("a", [1, 2]), ("b", [3, None])):
        parquet.write_table(
            pa.table({"id": pa.array(ids, pa.int16()), "text": ["x.", "y."]}), tmp_path / f"{name}.parquet"
        )
    converted(Places(tmp_path / "*.parquet", tmp_path / "new.parquet"), stream)
    table = parquet.read_table(tmp_path / "new.parquet")
    assert (table["id"].to_pylist(), table.schema.field("id").type) == ([1, 2, 3, None], pa.int16())
    parquet.write_table(pa.table({"id": ["x"], "text": ["z."]}), tmp_path / "c.parquet")
    with pytest.raises(ConfigError, match="same name and different types"):
        rows_of(tmp_path / "?.parquet")


def test_text_files_of_a_pattern(written: Written, tmp_path: Path) -> None:
    """A pattern of text files is rows of whole files, as a folder is."""
    written("t/a.txt", "Der Bürger trägt Öl über die Straße.".encode("cp1252"))
    written("t/b.html", b"<p>Zwei.</p>")
    assert [row.text for row in rows_of(tmp_path / "t" / "*.*")] == [
        "Der Bürger trägt Öl über die Straße.",
        "<p>Zwei.</p>",
    ]


@pytest.mark.parametrize("name", ["in.jsonl", "in.csv", "in.jsonl.zst", "in.parquet", "part-*.jsonl", "folder"])
@pytest.mark.parametrize("system", ["memory", "file"])
def test_urls(name: str, system: str, tmp_path: Path, stream: Stream) -> None:
    """What fsspec reaches is read like a file of this machine: one file, a pattern, a folder."""
    root = f"{system}://{tmp_path}"
    table = pa.BufferOutputStream()
    parquet.write_table(pa.table({"id": ["1", "2"], "text": ["Eins.", "Zwei ä."]}), table)
    content = {
        "in.jsonl": LINES,
        "in.csv": TABLE,
        "in.jsonl.zst": packed(LINES, ".zst"),
        "in.parquet": table.getvalue().to_pybytes(),
        "part-2.jsonl": LINES[LINES.index(b"\n") + 1 :],
        "part-1.jsonl": LINES[: LINES.index(b"\n") + 1],
        "folder/a.txt": b"Eins.",
        "folder/b.txt": "Zwei ä.".encode(),
        "folder/.c.txt": b"Drei.",
    }
    for file, data in content.items():
        with fsspec.open(f"{root}/{file}", "wb", auto_mkdir=True) as out:
            out.write(data)
    assert [row.text for row in rows_of(f"{root}/{name}")] == ["Eins.", "Zwei ä."]
    tally = converted(Places(f"{root}/{name}", tmp_path / "out.jsonl"), stream)
    assert (tally.rows, tally.failed) == (2, 0)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("none-*.jsonl", "no file matches"),
        ("memory://nowhere/in.jsonl", "there is no input"),
        ("memory://nowhere/*.jsonl", "no file matches"),
        ("nosuch://bucket/in.jsonl", "cannot be read"),
        ("*.*", "several kinds|no ending this job knows"),
    ],
)
def test_places_that_are_not_there(written: Written, tmp_path: Path, source: str, message: str) -> None:
    """Each says what is wrong before a model is loaded."""
    written("a.jsonl", LINES)
    written("b.csv", TABLE)
    name = source if "://" in source else str(tmp_path / source)
    places = Places(name, tmp_path / "out.jsonl")
    with pytest.raises(ConfigError, match=message):
        _ = places.check(), open_source(places)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_is_refused_with_the_way_to_read_it(written: Written, tmp_path: Path) -> None:
    """It would be opened more than once, and the job would wait for ever; nor can a device be gone on with."""
    pipe, source = tmp_path / "pipe.jsonl", written("in.jsonl", LINES)
    os.mkfifo(pipe)
    (tmp_path / "link.jsonl").symlink_to(pipe)
    for target in (pipe, tmp_path / "link.jsonl", Path(os.devnull)):
        for places in (Places(source, target), Places(target, tmp_path / "out.jsonl")):
            with pytest.raises(ConfigError, match="neither a file nor a folder; a pipe is read and written as -"):
                places.check()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """In a folder it is a bad row; behind a URL it is refused."""
    os.mkfifo(tmp_path / "pipe.txt")
    os.mkfifo(tmp_path / "pipe.jsonl")
    (row,) = open_source(Places(tmp_path, tmp_path / "out.jsonl"))
    assert "pipe.txt cannot be read: neither a file nor a folder" in str(row.error)
    with pytest.raises(InputError, match="cannot be read: neither a file nor a folder"):
        open_source(Places(f"file://{tmp_path}/pipe.jsonl", tmp_path / "out.jsonl"))


@pytest.mark.parametrize("folder", ["s3://bucket", "file:///tmp"])
def test_an_output_behind_a_url_is_refused(written: Written, tmp_path: Path, folder: str) -> None:
    """Exactly once needs a journal beside the output and a rename, which an object store has not. Told as it was typed."""
    source = written("in.jsonl", LINES)
    with pytest.raises(ConfigError, match=f"'{folder}/out.jsonl': an output is written to a local path"):
        Places(source, Path(f"{folder}/out.jsonl")).check()
    with pytest.raises(ConfigError, match=f"'{folder}/out.html': a report is written to a local path"):
        check_path(Path(f"{folder}/out.html"), Places(source, tmp_path / "out.jsonl"))


def test_the_output_of_the_last_run_is_no_input(written: Written, tmp_path: Path) -> None:
    """A pattern that takes the output in is refused, with --overwrite too."""
    written("out.jsonl", LINES)
    with pytest.raises(ConfigError, match="the same file"):
        Places(tmp_path / "*.jsonl", tmp_path / "out.jsonl", overwrite=True).check()


def test_an_input_behind_a_file_url_is_not_written_over(written: Written, tmp_path: Path) -> None:
    """The same file by another name: refused, with --overwrite too, and still there."""
    written("in.jsonl", LINES)
    with pytest.raises(ConfigError, match="the same file"):
        Places(f"file://{tmp_path}/in.jsonl", tmp_path / "in.jsonl", overwrite=True).check()


@pytest.mark.parametrize("pattern", ["*.jsonl*", "*", "file"])
def test_what_lies_beside_the_output_is_no_input(written: Written, tmp_path: Path, pattern: str) -> None:
    """A pattern that takes in the lock, the journal and the unfinished output of the job itself does not read them."""
    written("a.jsonl", LINES)
    for ending in ("lock", "journal", "partial", "finishing"):
        written(f"out.jsonl.{ending}", b"{}")
    source = f"file://{tmp_path}/*.jsonl*" if pattern == "file" else str(tmp_path / pattern)
    places = Places(source, tmp_path / "out.jsonl")
    assert [place.name for place in places.inputs()] == ["a.jsonl"]


def test_an_output_that_is_a_link_is_what_it_leads_to(written: Written, tmp_path: Path, stream: Stream) -> None:
    """The link stays, the file it leads to is written, and so is one that is not there yet; a loop is no crash."""
    written("in.jsonl", LINES)
    (tmp_path / "disk").mkdir()
    for name in ("new.jsonl", "old.jsonl"):
        (tmp_path / name).symlink_to(tmp_path / "disk" / name)
    written("disk/old.jsonl", b"old")
    for name in ("new.jsonl", "old.jsonl"):
        converted(Places(tmp_path / "in.jsonl", tmp_path / name, overwrite=True), stream)
        assert (tmp_path / name).is_symlink()
        assert len((tmp_path / "disk" / name).read_bytes().splitlines()) == 2
    (tmp_path / "loop.jsonl").symlink_to("loop.jsonl")
    converted(Places(tmp_path / "in.jsonl", tmp_path / "loop.jsonl"), stream)


def test_a_folder_of_other_files_is_no_empty_input(written: Written, tmp_path: Path) -> None:
    """Somebody meant the tables in it; the message says how to name them."""
    written("in/a.jsonl", LINES)
    with pytest.raises(ConfigError, match=r"no .txt, .html, .htm file, but 'a.jsonl'; .* a pattern in quotes"):
        open_source(Places(tmp_path / "in", tmp_path / "out.jsonl"))


def test_a_folder_that_is_a_disk_of_its_own(tmp_path: Path) -> None:
    """Files cannot be renamed from beside it into it: they are copied, and each is there whole or not at all."""
    other = Path("/dev/shm")
    if not other.is_dir() or other.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second disk here")
    with tempfile.TemporaryDirectory(dir=other) as folder:
        partial, target = Path(folder) / "out.partial", tmp_path / "out"
        (partial / "deep").mkdir(parents=True)
        (partial / "deep" / "1.json").write_text("{}")
        target.mkdir()
        placed(partial, target)
        assert not partial.exists()
    assert sorted(path.relative_to(target).as_posix() for path in target.rglob("*")) == ["deep", "deep/1.json"]
