"""The commands. Each reads its input, works through the public API, and prints results to standard output only."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from summarizer.cli.ends import clean_up_when_interrupted

if TYPE_CHECKING:
    from summarizer.config import Config

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,  # rich doubles the time that --help takes (0.25 s to 0.5 s)
    help="Short, faithful, checked summaries of articles, in their language and in yours. Offline.",
)

_FORMATS = ".jsonl, .csv, .parquet, the first two also with .gz or .zst, - (JSON lines)"

File = Annotated[
    str, typer.Argument(metavar="[FILE|-]", help="Text, HTML, .docx or .pdf; - or nothing reads standard input.")
]
To = Annotated[
    list[str] | None,
    typer.Option("--to", metavar="LANG", help="Language to translate into; repeatable; en if left out."),
]
Preset = Annotated[str, typer.Option(metavar="NAME|FILE", help="Preset (summarizer presets lists them) or YAML file.")]
Sentences = Annotated[int | None, typer.Option(min=1, help="Sentences in the summary.")]
Length = Annotated[Literal["short", "medium", "long"] | None, typer.Option(help="Instead of --sentences: 2, 4 or 7.")]
Format = Annotated[Literal["text", "json", "markdown"], typer.Option("--format", help="How to print the result.")]
Device = Annotated[Literal["cpu", "cuda", "auto"] | None, typer.Option(help="Where models run; else the preset's.")]
Language = Annotated[str | None, typer.Option(metavar="LANG", help="Language of the text; detected if left out.")]


def _print_version(wanted: bool) -> None:
    if wanted:
        from summarizer.version import __version__  # noqa: PLC0415 - each command imports what it needs, when it runs

        typer.echo(f"summarizer {__version__}")
        raise typer.Exit


@app.callback()
def program(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print it.")
    ] = False,
) -> None:
    """Keep the commands apart from the program's own options."""


@app.command()
def run(  # noqa: PLR0913 - the options of the command
    file: File = "-",
    *,
    to: To = None,
    preset: Preset = "default",
    sentences: Sentences = None,
    length: Length = None,
    form: Format = "text",
    device: Device = None,
    language: Language = None,
) -> None:
    """Summarise one article and translate the summary."""
    _one_of(sentences, length)
    from summarizer.cli import show, source  # noqa: PLC0415

    config = _config(preset, device)
    text = source.read(file, limit=config.max_characters)
    import summarizer  # noqa: PLC0415

    clean_up_when_interrupted()
    with summarizer.load(config) as chain:
        result = chain(text, to=to or "en", sentences=sentences, length=length, language=language)
    if any(target != result.language for target in result.translations):
        show.warn_of_draft(result.signature)
    show.emit_result(result, form)


@app.command()
def translate(
    file: File = "-",
    *,
    to: Annotated[
        list[str] | None, typer.Option(metavar="LANG", help="Language to translate into; en if left out.")
    ] = None,
    preset: Preset = "default",
    device: Device = None,
    language: Language = None,
) -> None:
    """Translate line by line, without a summary."""
    from summarizer.cli import show, source  # noqa: PLC0415

    if to is not None and len(to) > 1:
        raise typer.BadParameter("translate takes one --to; run it once for each language")
    target = to[0] if to else "en"
    config = _config(preset, device)
    lines = source.lines(source.read(file, limit=config.max_characters))
    import summarizer  # noqa: PLC0415

    clean_up_when_interrupted()
    with summarizer.load(config) as chain:
        translated = chain.translate(lines, target, source=language)
        signature = chain.signature(target)
    if translated != lines:
        show.warn_of_draft(signature)
    show.emit("".join(f"{' '.join(line.splitlines())}\n" for line in translated))


@app.command("read")
def read_out(file: File = "-") -> None:
    """Print the text of a file, in which the offsets of a result count."""
    from summarizer.cli import show, source  # noqa: PLC0415

    show.emit(source.read(file, limit=_config("default", None).max_characters))


@app.command()
def batch(  # noqa: PLR0913 - the options of the command
    source: Annotated[
        str,
        typer.Argument(metavar="IN", help=f"{_FORMATS}, a folder of .txt and .html, a pattern 'in/*.csv', or a URL."),
    ],
    target: Annotated[Path, typer.Argument(metavar="OUT", help=f"{_FORMATS} or a folder, made of .json or .md.")],
    *,
    to: To = None,
    preset: Preset = "default",
    sentences: Sentences = None,
    length: Length = None,
    device: Device = None,
    text_field: Annotated[str, typer.Option(help="Column that holds the article.")] = "text",
    id_field: Annotated[str, typer.Option(help="Column that names the row.")] = "id",
    pages: Annotated[Literal["json", "markdown"], typer.Option("--format", help="Files of an output folder.")] = "json",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace OUT if it is there.")] = False,
    batch_size: Annotated[int, typer.Option(min=1, help="Articles worked on together.")] = 16,
    workers: Annotated[int, typer.Option(min=1, help="Processes, each with its own models.")] = 1,
    cluster: Annotated[str | None, typer.Option(metavar="ADDRESS|local", help="Ray cluster to run on.")] = None,
    report: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Write a page with plots here.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing unless something is wrong.")] = False,
) -> None:
    """Summarise every row of a file; a bad row becomes an error row at its place. Goes on where it was broken off."""
    _one_of(sentences, length)
    import summarizer  # noqa: PLC0415
    from summarizer.batch.formats import Places  # noqa: PLC0415
    from summarizer.batch.job import Task, do  # noqa: PLC0415
    from summarizer.batch.report import check_path, write  # noqa: PLC0415
    from summarizer.batch.rows import Fields  # noqa: PLC0415
    from summarizer.cli import progress, show  # noqa: PLC0415
    from summarizer.request import check_targets  # noqa: PLC0415

    places = Places(source, target, Fields(text_field, id_field), pages, overwrite)
    config = _config(preset, device)
    task = Task(tuple(to or ("en",)), sentences, length, batch_size, workers, config.threads, cluster, config.cluster)
    check_path(report, places)
    check_targets(config, task.to)
    clean_up_when_interrupted()
    with closing(progress.Meter(quiet=quiet)) as meter, progress.interruption_told(places):
        done = do(places, task, partial(summarizer.load, config), meter)
    if report is not None:
        write(report, done, places)
    if done.tally.rows > done.tally.failed and not quiet:
        show.warn_of_draft(done.signature)
    if done.tally.failed or not quiet:
        typer.echo(progress.closing_line(done.tally, str(target)), err=True)
    if done.tally.failed:
        raise typer.Exit(1)


@app.command()
def serve(  # noqa: PLR0913 - the options of the command
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 7860,
    *,
    preset: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME|FILE", help="Preset to load; repeatable, the first is the default; default."),
    ] = None,
    allow_public: Annotated[
        bool, typer.Option("--allow-public", help="Let strangers in without a key (SUMMARIZER_API_KEYS names keys).")
    ] = False,
    allow_urls: Annotated[
        bool, typer.Option("--allow-urls", help="Fetch public web pages for clients that send a URL.")
    ] = False,
    allow_origin: Annotated[
        list[str] | None, typer.Option(metavar="URL", help="Site whose pages may call; repeatable; none if left out.")
    ] = None,
    characters: Annotated[int, typer.Option(min=1, help="The most that one article may have.")] = 200_000,
    queue: Annotated[int, typer.Option(min=0, help="Requests that may wait; others are told to come back.")] = 128,
    deadline: Annotated[float, typer.Option(min=0.1, help="Seconds for one article, waiting included.")] = 120.0,
    key_rate: Annotated[
        str, typer.Option(metavar="RATE", help="Articles of 10,000 characters for one API key, such as 60/minute.")
    ] = "",
    address_rate: Annotated[
        str | None,
        typer.Option(metavar="RATE", help="For one address; 300/minute where other machines can call; '' for none."),
    ] = None,
    cache: Annotated[int, typer.Option(min=0, metavar="MB", help="Size of the cache of answers; 0 for none.")] = 16,
    cache_file: Annotated[Path | None, typer.Option(help="Keep the cache in this file, not in memory.")] = None,
    mcp: Annotated[bool, typer.Option("--mcp", help="Serve assistants too, over MCP at /mcp.")] = False,
    logs: Annotated[bool, typer.Option("--logs", help="A line of JSON for each request, to standard error.")] = False,
) -> None:
    """Open the web page and the HTTP interface."""
    from summarizer.cli import show  # noqa: PLC0415
    from summarizer.service.app import serve as listen  # noqa: PLC0415
    from summarizer.service.limits import Limits  # noqa: PLC0415

    bounds = Limits(queue=queue, deadline=deadline, key_rate=key_rate, address_rate=address_rate, cache=cache * 2**20)
    bounds = bounds.with_characters(characters)
    clean_up_when_interrupted()
    listen(
        host=host,
        port=port,
        preset=preset or "default",
        limits=bounds,
        origins=allow_origin or (),
        cache_file=cache_file,
        allow_public=allow_public,
        allow_urls=allow_urls,
        mcp=mcp,
        logs=logs,
        announce=show.announce,
    )


@app.command()
def presets(
    form: Annotated[Literal["text", "json"], typer.Option("--format", help="How to print the list.")] = "text",
) -> None:
    """List the presets: models, licences, languages, sizes, and what is on this disk already."""
    from summarizer.cli import shelf  # noqa: PLC0415

    shelf.emit_presets(form)


@app.command()
def pull(
    preset: Annotated[str, typer.Argument(metavar="PRESET", help="Name of a preset or path of a YAML file.")],
) -> None:
    """Fetch and convert the models of a preset now, so that later runs need no network."""
    from summarizer.cli import shelf  # noqa: PLC0415

    clean_up_when_interrupted()
    shelf.pull(preset)


def _config(preset: str, device: str | None) -> Config:
    from summarizer.config import Config  # noqa: PLC0415

    chosen: dict[str, Any] = {} if device is None else {"device": device}
    return Config.load(preset, **chosen)


def _one_of(sentences: int | None, length: str | None) -> None:
    if sentences is not None and length is not None:
        raise typer.BadParameter("give --sentences or --length, not both")
