"""The service under load: speed beside the plain stream, overload, many requests, and an end in the midst of it.

    python -m benchmarks.service [load overload many end page] [--clients 64] [--articles 192] [--preset default]
    python -m benchmarks.service --quick          # all of it, small, with a model that only marks its text

The many requests go to the bundled translator with one beam and one sentence an article, so that they take minutes.
Starts `summarizer serve` as users do and talks to it over sockets; prints Markdown. Each answer is checked against the
text it was asked for: every piece of evidence must stand at its place in that text.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

from benchmarks.clients import FAKE, GREEDY, ROOT, Connection, Server, Tally, load, one, serving, wrong
from benchmarks.setting import setting
from benchmarks.speed_texts import article

PHASES = ("load", "overload", "many", "end", "page")
BATCH = """
import json, sys, time, summarizer
texts = json.load(open(sys.argv[2]))
with summarizer.load(sys.argv[1]) as chain:
    chain(texts[0])
    begun = time.perf_counter()
    done = sum(1 for _ in chain.stream(texts, batch_size=16))
    print(done / (time.perf_counter() - begun))
"""


def row(what: str, measured: str, bound: str, holds: bool) -> None:
    """One row of the table."""
    print(f"| {what} | {measured} | {bound} | {'yes' if holds else 'NO'} |", flush=True)


def measure_load(server: Server, args: argparse.Namespace, preset: str) -> float:
    """Speed and spread beside the plain stream; returns articles a second."""
    texts = [article(args.words, seed=n) for n in range(args.articles)]
    tally = asyncio.run(load(server.port, args.clients, texts))
    speed = tally.per_second
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(texts[: args.alone], file)
        file.flush()
        done = subprocess.run(
            [sys.executable, "-c", BATCH, preset, file.name], cwd=ROOT, capture_output=True, text=True, check=True
        )
    alone, p50, p99 = float(done.stdout), tally.quantile(0.5), tally.quantile(0.99)
    name = f"{args.clients} clients, {len(texts)} articles of {args.words} words"
    row(
        f"{name}: articles/s; the stream alone does {alone:.2f}",
        f"{speed:.2f}",
        f"≥ {0.85 * alone:.2f}",
        speed >= 0.85 * alone,
    )
    row("the same: p50 and p99 in s", f"{p50:.1f} and {p99:.1f}", f"p99 ≤ {3 * p50:.1f}", p99 <= 3 * p50)
    row(
        "answers that are another text's; errors",
        f"{tally.mixed_up}; {wrong(tally)}",
        "0; 0",
        not tally.mixed_up + wrong(tally),
    )
    return speed


def measure_overload(server: Server, args: argparse.Namespace, speed: float) -> None:
    """Ten times the clients, then the same load as before."""
    idle, highest, running = server.megabytes(), 0.0, True

    def watch() -> None:
        nonlocal highest
        while running:
            highest = max(highest, server.megabytes())
            time.sleep(0.1)

    threading.Thread(target=watch, daemon=True).start()
    end = time.perf_counter() + args.seconds
    texts = [article(args.words, seed=n) for n in range(500)]

    async def flood() -> Tally:
        endless = (texts[n % 500] for n in range(10**9))
        tally = Tally()

        async def client() -> None:
            connection = Connection(server.port)
            with contextlib.suppress(asyncio.CancelledError):
                while time.perf_counter() < end:
                    await one(connection, next(endless), tally)
            connection.close()

        tasks = [asyncio.create_task(client()) for _ in range(10 * args.clients)]
        await asyncio.sleep(args.seconds)
        for task in tasks:
            task.cancel()  # they leave without waiting
        await asyncio.gather(*tasks)
        return tally

    tally = asyncio.run(flood())
    running = False
    row(
        f"{10 * args.clients} clients for {args.seconds:g} s: answers by status",
        str(dict(tally.statuses)),
        "200, 429, 503",
        not wrong(tally, 429, 503),
    )
    row(
        "memory at the most, and idle before, in MB",
        f"{highest:.0f} and {idle:.0f}",
        f"≤ {1.3 * idle:.0f}",
        highest <= 1.3 * idle,
    )
    time.sleep(5)
    again = asyncio.run(load(server.port, args.clients, texts[: args.alone])).per_second
    row("articles/s from 5 s after that", f"{again:.2f}", f"≥ {0.9 * speed:.2f}", again >= 0.9 * speed)


def measure_many(preset: str, args: argparse.Namespace) -> None:
    """Many requests: flat memory, no error, no answer mixed up."""
    with serving(preset) as server:
        warm = asyncio.run(load(server.port, args.clients, [article(60, seed=n) for n in range(args.many // 10)]))
        before = server.megabytes()
        tally = asyncio.run(load(server.port, args.clients, [article(60, seed=-n) for n in range(1, args.many + 1)]))
        after = server.megabytes()
    row(
        f"{args.many:,} requests: errors; answers of another text",
        f"{wrong(warm) + wrong(tally)}; {tally.mixed_up}",
        "0; 0",
        not wrong(tally) + tally.mixed_up,
    )
    row("memory before and after, in MB", f"{before:.0f} and {after:.0f}", "± 5 %", abs(after / before - 1) <= 0.05)


def measure_end(preset: str, args: argparse.Namespace) -> None:
    """SIGTERM in the midst of load: every request is answered, 200 or 503, and the exit code is 0."""
    with serving(preset) as server:
        texts = [article(args.words, seed=n) for n in range(10 * args.clients)]
        timer = threading.Timer(args.seconds / 4, server.process.send_signal, [signal.SIGTERM])
        timer.start()
        ended = False

        async def scene() -> Tally:
            tally, waiting = Tally(), iter(texts)

            async def client() -> None:
                connection = Connection(server.port)
                with contextlib.suppress(asyncio.CancelledError):
                    while not tally.statuses[503] and (text := next(waiting, None)) is not None:
                        await one(connection, text, tally)
                connection.close()

            await asyncio.gather(*(client() for _ in range(args.clients)))
            return tally

        tally = asyncio.run(scene())
        with contextlib.suppress(subprocess.TimeoutExpired):
            ended = server.process.wait(30) == 0
    row(
        "SIGTERM under load: answers by status; unanswered",
        f"{dict(tally.statuses)}; {tally.lost}",
        "200, 503; 0; exit 0",
        ended and not wrong(tally, 503) + tally.mixed_up,
    )


def measure_page() -> None:
    """Seconds from `python demo.py` to the page, with the disk warm."""
    taken = []
    for _ in range(3):
        begun = time.perf_counter()
        environment = {**os.environ, "DISPLAY": "", "WAYLAND_DISPLAY": ""}
        process = subprocess.Popen(
            [sys.executable, "demo.py"], cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment
        )
        assert process.stdout is not None
        urllib.request.urlopen(process.stdout.readline().split()[3], timeout=30).read()
        taken.append(time.perf_counter() - begun)
        process.terminate()
        process.wait()
    row("`python demo.py` to the page, in s", f"{min(taken):.1f} to {max(taken):.1f}", "≤ 6", max(taken) <= 6)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("phases", nargs="*", help=f"of {', '.join(PHASES)}; all when none is named")
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--articles", type=int, default=192)
    parser.add_argument("--alone", type=int, default=96, help="articles for the stream alone and after the overload")
    parser.add_argument("--words", type=int, default=300)
    parser.add_argument("--many", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=20.0, help="of overload")
    parser.add_argument("--preset", default="default")
    parser.add_argument("--quick", action="store_true")
    args = parser.parse_args()
    if args.quick:
        args.clients, args.articles, args.alone, args.words, args.many, args.seconds = 8, 40, 40, 60, 200, 2.0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server ends too
    phases = args.phases or [name for name in PHASES if not (args.quick and name == "page")]
    print(f"{setting('ctranslate2', 'fastapi', 'uvicorn')}; preset {args.preset}\n")
    print("| what | measured | bound | holds |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        fake = Path(folder) / "fake.yaml"
        fake.write_text(FAKE)
        preset = str(fake) if args.quick else args.preset
        if {"load", "overload"} & set(phases):
            with serving(preset) as server:
                asyncio.run(load(server.port, 4, [article(args.words, seed=-n) for n in range(1, 17)]))
                speed = measure_load(server, args, preset)
                if "overload" in phases:
                    measure_overload(server, args, speed)
        if "many" in phases:
            greedy = Path(folder) / "greedy.yaml"
            greedy.write_text(GREEDY)
            measure_many(str(fake if args.quick else greedy), args)
        if "end" in phases:
            measure_end(preset, args)
        if "page" in phases:
            measure_page()


if __name__ == "__main__":
    main()
