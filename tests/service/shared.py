"""What the tests of the service share: an article with a picture credit in it, and patience."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from summarizer.models.protocol import Options
from summarizer.testing import FakeModel, translated

ROOT = Path(__file__).parents[2]
ARTICLE = """Rathaus bekommt neues Dach

Musterstadt – Der Rat hat am Montag den Umbau des Rathauses beschlossen. Die Arbeiten kosten 1.250.000 Euro und \
beginnen am 18. Dezember. Das alte Dach war bei einem Sturm im Februar schwer beschädigt worden.

Foto: © Petra Beispiel/Stadtarchiv

Bürgermeisterin Ines Kramer sprach von einem wichtigen Schritt für die Stadt. „Wir haben lange gewartet“, sagte sie \
nach der Sitzung. Das Gebäude aus dem Jahr 1904 bleibt während der Arbeiten geöffnet. Die Stadt rechnet mit einer \
Bauzeit von 14 Monaten.
"""


SLOW, SNAIL = threading.Event(), threading.Event()
SLOW.set()


class Careless(FakeModel):
    """Translates as the fake does, but waits for ``SLOW``, with a snail for ``SNAIL`` too, and into Spanish it turns a number round and drops a name."""

    def __init__(self, settings: object = None) -> None:
        super().__init__(settings, reply=_careless)


def _careless(text: str, options: Options) -> str:
    SLOW.wait(60)
    if "Schnecke" in text:
        SNAIL.wait(60)
    said = translated(text, options)
    return said.replace("1904", "1940").replace("Ines Kramer", "") if options.target == "es" else said


def wait_until_ready(client: TestClient) -> None:
    """The warm-up runs beside the first requests."""
    for _ in range(600):
        if client.get("/health/ready").status_code == 200:
            return
        time.sleep(0.05)
    pytest.fail(client.get("/health/ready").text)
