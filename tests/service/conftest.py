"""A service around public fakes: the extractive summariser for real, a translator that marks the language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

import summarizer
from summarizer.service.app import create_app
from summarizer.service.limits import Limits
from summarizer.testing import fake_config
from tests.service.browsing import address, browser, contexts, visit
from tests.service.shared import wait_until_ready

__all__ = ["address", "browser", "client", "contexts", "visit"]  # the fixtures


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    """The app with its page, started and ready. A failure inside it is an answer, not an exception."""
    limits = Limits(body=100_000, batch_body=200_000, rows=50, batch_size=4)
    app = create_app(summarizer.load(fake_config(max_characters=50_000)), limits=limits)
    with TestClient(app, raise_server_exceptions=False) as client:
        wait_until_ready(client)
        yield client
