"""Where and with what a figure was measured: the line above every table."""

from __future__ import annotations

import os
import platform
from datetime import date
from importlib.metadata import version
from pathlib import Path

from summarizer.version import __version__


def setting(*packages: str) -> str:
    """Date, processor, cores, Python, our version and those of ``packages``."""
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    parts = [f"{date.today()}", f"{_processor()}, {cores} cores", f"Python {platform.python_version()}"]
    return "; ".join([*parts, f"summarizer {__version__}", *([versions] if versions else [])])


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()
