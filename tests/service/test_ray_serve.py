"""Two copies on a local Ray cluster answer as one process does. Runs where ray[serve] is installed."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.service.shared import ROOT

pytest.importorskip("ray.serve", reason="needs pip install 'ray[serve]'", exc_type=ImportError)

PRESET = "summary: {model: extractive}\ntranslation: {model: 'summarizer.testing:FakeModel'}\n"
PROGRAM = """
import json, sys, urllib.error, urllib.request
import ray
from ray import serve
from deploy.ray_serve import build

preset, port = sys.argv[1], int(sys.argv[2])
ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False)
serve.start(http_options={"host": "127.0.0.1", "port": port})
serve.run(build({"preset": preset, "cpus": "0.5"}))

def ask(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()

told = {
    "answers": [ask("/v1/summarize", {"text": f"Der Hund Nummer {n} bellt laut."}) for n in range(20)],
    "bad": ask("/v1/summarize", {"text": ""}),
    "unknown": ask("/nowhere"),
    "states": {k: int(v) for k, v in serve.status().applications["default"].deployments["summarizer"].replica_states.items()},
    "counts": sorted({next(l for l in ask("/metrics")[1].splitlines() if "summarize" in l and 'status="200"' in l and "requests_total" in l)
                      for _ in range(30)}),
}
print("TOLD", json.dumps(told), flush=True)
serve.shutdown()
ray.shutdown()
"""


@pytest.mark.timeout(280)
def test_two_copies_answer_as_one(tmp_path: Path) -> None:
    """Every request gets its own answer, refusals keep their shape, and both copies have worked."""
    preset = tmp_path / "fake.yaml"
    preset.write_text(PRESET)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "RAY_USAGE_STATS_ENABLED": "0"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(preset), str(port)],
        capture_output=True, text=True, timeout=270, env=environment, cwd=ROOT, check=False,
    )  # fmt: skip
    lines = [line for line in done.stdout.splitlines() if line.startswith("TOLD ")]
    assert lines, done.stderr[-3000:]
    told = json.loads(lines[0][5:])
    for number, (status, body) in enumerate(told["answers"]):
        assert status == 200
        assert json.loads(body)["summary"] == f"Der Hund Nummer {number} bellt laut."
    assert told["bad"][0] == 400
    assert json.loads(told["bad"][1])["error"]["type"] == "EmptyInput"
    assert told["unknown"][0] == 404
    assert told["states"] == {"RUNNING": 2}
    assert len(told["counts"]) == 2  # each copy has counted its own requests
