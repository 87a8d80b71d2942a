"""Damaged requests over sockets: what the service makes of bodies that no client should send, and of clients that leave.

    python -m benchmarks.fuzz [--bodies 10000] [--quick]     # quick: with a model that only marks its text

Counts answers by status and prints Markdown. A 500, a request without an answer or grown memory is a fault.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.clients import FAKE, GREEDY, Server, serving
from benchmarks.service import row
from benchmarks.setting import setting
from benchmarks.speed_texts import article

CLIENTS = 16
ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    10**30,
    1e308,
    "",
    "\x00",
    "ß" * 99,
    [],
    {},
    [[]],
    ["en"] * 99,
    {"": {}},
    "\u202e",
)
HEADS = (
    b"",
    b"Content-Type: application/json\r\n",
    b"Content-Type: multipart/form-data; boundary=x\r\n",
    b"Expect: 100-continue\r\n",
    b"Content-Type: text/csv\r\nAccept: text/csv\r\n",
)


def body(rng: random.Random) -> bytes:
    """One body: random bytes, a request with an odd value, or a sound one with damage done to its bytes."""
    kind = rng.randrange(6)
    if kind == 0:
        return rng.randbytes(rng.randrange(400))
    if kind == 4:
        return damaged(f"id;text\n7;{article(5, seed=rng.randrange(10**6))}\n8;\n".encode(), rng)
    if kind == 5:
        event = {"data": [rng.choice(ODD)] * 5, "fn_index": rng.randrange(-1, 40), "session_hash": "f"}
        return json.dumps({**event, "trigger_id": None, "event_data": None}).encode()
    request: dict[str, Any] = {
        "text": article(rng.choice((5, 60)), seed=rng.randrange(10**6)),
        "to": ["en"],
        "sentences": 2,
    }
    if kind == 1:
        request[rng.choice(("text", "to", "sentences", "length", "language", "id", "new"))] = rng.choice(ODD)
    data = json.dumps(request, ensure_ascii=rng.random() < 0.5).encode()
    return damaged(data, rng) if kind > 1 else data


def damaged(sound: bytes, rng: random.Random) -> bytes:
    """The same with a few bytes replaced, dropped or added."""
    data = bytearray(sound)
    for _ in range(rng.randrange(1, 6)):
        at = rng.randrange(len(data))
        data[at : at + rng.randrange(9)] = rng.randbytes(rng.randrange(9))
    return bytes(data)


async def send(port: int, rng: random.Random, statuses: Counter[str]) -> None:
    """One request; one in ten clients leaves in the midst of it."""
    content, path = body(rng), rng.choice(("/v1/summarize", "/v1/batch", "/gradio_api/queue/join"))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    said = len(content) + rng.choice((0, 0, 0, 0, 0, 0, 0, 0, 0, 50))
    head = f"POST {path} HTTP/1.1\r\nHost: f\r\nConnection: close\r\nContent-Length: {said}\r\n".encode()
    writer.write(head + rng.choice(HEADS) + b"\r\n" + content)
    if said > len(content) or rng.random() < 0.1:
        await asyncio.sleep(rng.random() / 50)
        statuses["left"] += 1
    else:
        answer = await asyncio.wait_for(reader.read(), 60)
        first = [line for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1 ") and b" 100 " not in line]
        status = first[0].split()[1].decode() if first else "none"
        statuses[status] += 1
        if status in ("500", "none"):
            print(f"fault: {status} from {path} for {content[:300]!r}", file=sys.stderr)
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def flood(server: Server, bodies: int, seed: int) -> Counter[str]:
    """So many requests by a few clients at a time."""
    rng, statuses, left = random.Random(seed), Counter[str](), iter(range(bodies))

    async def client() -> None:
        for _ in left:
            await send(server.port, rng, statuses)

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return statuses


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bodies", type=int, default=10_000)
    parser.add_argument("--quick", action="store_true")
    args = parser.parse_args()
    bodies: int = args.bodies
    print(f"{setting('fastapi', 'uvicorn')}\n\n| what | measured | bound | holds |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        preset = Path(folder) / "preset.yaml"
        preset.write_text(FAKE if args.quick else GREEDY)
        with serving(str(preset)) as server:
            asyncio.run(flood(server, bodies // 10, 1))
            before = server.megabytes()
            statuses = asyncio.run(flood(server, bodies, 2))
            after, alive = server.megabytes(), server.process.poll() is None
    sound = alive and not statuses["none"] and not [name for name in statuses if name in ("500", "502")]
    row(
        f"{bodies:,} damaged requests: answers by status",
        str(dict(sorted(statuses.items()))),
        "no 500, none without answer",
        sound,
    )
    row("memory before and after, in MB", f"{before:.0f} and {after:.0f}", "± 5 %", abs(after / before - 1) <= 0.05)


if __name__ == "__main__":
    main()
