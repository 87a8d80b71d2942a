"""What models there are: the list of presets, and fetching one."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TypeAlias

import typer

from summarizer.cli.show import emit
from summarizer.config import Config, JudgeConfig, Languages, SummaryConfig, TranslationConfig, presets
from summarizer.errors import ModelFailed, ModelNotFound

_Part: TypeAlias = SummaryConfig | JudgeConfig | TranslationConfig


@dataclass(frozen=True, slots=True)
class Shelved:
    """One preset as the list shows it, section by section. ``on_disk`` names the weights that a run would take, or None."""

    name: str
    description: str
    models: dict[str, str]
    weights: dict[str, list[str]]
    licence: dict[str, str | None]
    languages: dict[str, str]
    size: dict[str, str | None]
    on_disk: dict[str, str | None]


def emit_presets(form: str) -> None:
    """Print the presets as a table or as JSON."""
    found = [_shelved(Config.load(name)) for name in presets()]
    if form == "json":
        emit(json.dumps([asdict(item) for item in found], ensure_ascii=False, indent=2) + "\n")
    else:
        _emit_table(found)


def pull(preset: str) -> None:
    """Fetch what the preset names, open it once so that it is converted and proven, and say where it lies.

    Raises:
        ModelNotFound: the hub is not within reach or has no such model.
        ModelFailed: what came cannot be opened.
    """
    from summarizer.models import weights  # noqa: PLC0415

    config = Config.load(preset)
    for step, part in config.parts().items():
        if part.sources:
            typer.echo(f"{step}: looking for {', '.join(part.sources)}", err=True)
            located = weights.pull(part.sources, part.revision)
            emit(f"{step}: {located.label} in {located.path}\n")
    typer.echo("opening the models once, which converts them where needed", err=True)
    import summarizer  # noqa: PLC0415

    summarizer.load(config).close()
    emit(f"preset {config.name} is ready; it needs no network from now on\n")


def _shelved(config: Config) -> Shelved:
    parts = config.parts()
    return Shelved(
        name=config.name,
        description=config.description,
        models={step: part.model for step, part in parts.items()},
        weights={step: list(part.sources) for step, part in parts.items()},
        licence={step: part.licence for step, part in parts.items()},
        languages={step: _languages(part) for step, part in parts.items()},
        size={step: part.size for step, part in parts.items()},
        on_disk={step: _on_disk(part) for step, part in parts.items()},
    )


def _languages(part: _Part) -> str:
    languages = getattr(part, "languages", ["*"])
    if isinstance(languages, Languages):
        return f"{_named(languages.source)} → {_named(languages.target)}"
    return _named(languages)


def _named(codes: Sequence[str]) -> str:
    return "any" if "*" in codes else " ".join(codes)


def _on_disk(part: _Part) -> str | None:
    from summarizer.models.weights import locate  # noqa: PLC0415

    if not part.sources:
        return "needs none"
    try:
        return locate(part.sources, part.revision).label
    except (ModelNotFound, ModelFailed):
        return None


def _emit_table(found: list[Shelved]) -> None:
    from rich import box  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, show_lines=False, pad_edge=False)
    for column in ("preset", "", "model", "licence", "languages", "size", "on disk"):
        table.add_column(column, overflow="fold")
    for item in found:
        *_, last = item.models
        for step, model in item.models.items():
            names = "\n".join([model, *item.weights[step]])
            licence, size = item.licence[step] or "-", item.size[step] or "-"
            cells = (step, names, licence, item.languages[step], size, item.on_disk[step] or "no")
            table.add_row(item.name if step == "summary" else "", *cells, end_section=step == last)
    # A pipe has no width: the table is then as wide as its content, one row per line group, for grep and less -S.
    width = None if sys.stdout.isatty() else 200
    console = Console(width=width, highlight=False)
    with console.capture() as captured:
        console.print(table)
    emit("\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n")
