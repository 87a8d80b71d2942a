"""The files for containers name what is there. Building them takes a daemon that tests do not have."""

from __future__ import annotations

from pathlib import Path

import yaml
from typer.testing import CliRunner

from summarizer.cli.commands import app
from tests.service.shared import ROOT


def test_the_image_copies_what_there_is_and_runs_as_nobody_special() -> None:
    """Every copied path exists and passes .dockerignore; the process is not root; the options are those of serve."""
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    copied = [
        path for line in lines if line.startswith("COPY ") and "--from" not in line for path in line.split()[1:-1]
    ]
    assert copied
    for path in copied:
        assert (ROOT / path).exists(), path
        assert path in let_in, path
    users = [line.split()[1] for line in lines if line.startswith("USER")]
    assert users == ["summarizer"]
    said = CliRunner().invoke(app, ["serve", "--help"]).output
    entry = next(line for line in lines if line.startswith("ENTRYPOINT"))
    for option in ("--host", "--logs"):
        assert option in entry
        assert option in said


def test_compose_and_prometheus_agree() -> None:
    """The service that is scraped is there, at its port, with its key; and it has the time that draining may take."""
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    scraped = yaml.safe_load((ROOT / "deploy" / "prometheus.yml").read_text("utf-8"))["scrape_configs"][0]
    name, port = scraped["static_configs"][0]["targets"][0].split(":")
    service = compose["services"][name]
    assert any(entry.endswith(f":{port}") for entry in service["ports"])
    assert all(entry.startswith("127.0.0.1:") for entry in service["ports"])
    assert Path(scraped["authorization"]["credentials_file"]).name in compose["secrets"]
    assert service["environment"]["SUMMARIZER_API_KEYS_FILE"] == scraped["authorization"]["credentials_file"]
    assert int(service["stop_grace_period"][:-1]) > 120
