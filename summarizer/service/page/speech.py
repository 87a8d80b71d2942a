"""What the page's scripts need to speak: its words, what each error means, and the bounds of the service."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from summarizer.config import Config
from summarizer.service.address import is_loopback
from summarizer.service.core import Service
from summarizer.service.page.kinds import language_name
from summarizer.service.page.words import WORDS
from summarizer.service.page.wrongs import told_by_name
from summarizer.types import FLAGGED


def speech(service: Service) -> str:
    """An element that holds all of it, for both languages of the interface; a script reads it as JSON."""
    limits = service.limits
    bounds = {"file": limits.file, "batch_body": limits.batch_body, "rows": limits.rows, "flagged": FLAGGED}
    said = {
        ui: {
            "words": dict(WORDS[ui]),
            "wrongs": told_by_name(ui, facts(service, service.chain.config, ui)),
            "limits": bounds,
        }
        for ui in WORDS
    }
    spelled = json.dumps(said, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/json" id="sz-speech">{spelled}</script>'


def facts(service: Service, config: Config, ui: str) -> dict[str, str]:
    """What is true of the service and a preset of it, in words: what an error's sentence is filled with."""
    known = config.languages
    nothing = "–"
    return {
        "characters": counted(service.characters_of(config.name), ui),
        "size": sized(service.limits.body, ui),
        "file": sized(service.limits.file, ui),
        "deadline": f"{service.limits.deadline:g}",
        "preset": config.name,
        "readable": named(config.summary.languages, ui),
        "source": named(known.source, ui) if known else nothing,
        "target": named(known.target, ui) if known else nothing,
    }


def elsewhere(configs: Iterable[Config]) -> list[str]:
    """The other machines that the models of the presets run on: what a reader's text is sent to."""
    parts = [part for config in configs for part in (config.summary, *config.translations)]
    hosts = {urlsplit(part.server.url).hostname or "" for part in parts if part.server}
    return sorted(host for host in hosts if not is_loopback(host))


def counted(number: int, ui: str) -> str:
    """``200.000`` in German, ``200,000`` in English."""
    spelled = f"{number:,}"
    return spelled.replace(",", ".") if ui == "de" else spelled


def sized(count: int, ui: str) -> str:
    """Bytes as people say them."""
    unit, one = ("MB", 2**20) if count >= 2**20 else ("kB", 2**10)
    spelled = f"{count / one:.1f}".removesuffix(".0")
    return f"{spelled.replace('.', ',') if ui == 'de' else spelled} {unit}"


def named(codes: Sequence[str], ui: str) -> str:
    """Languages by name; all of them for ``*``."""
    if "*" in codes:
        return {"de": "alle Sprachen", "en": "all languages"}[ui]
    return ", ".join(language_name(code, ui) for code in codes)
