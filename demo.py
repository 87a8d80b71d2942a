"""Opens the web page with the default preset: ``python demo.py``, then http://127.0.0.1:7860 in any browser."""

from __future__ import annotations

import os
import sys
import webbrowser

from summarizer.cli import exit_code
from summarizer.service.app import serve


def announce(address: str) -> None:
    """Say where the page is, and open it where there is a screen."""
    sys.stdout.write(f"Summarizer is at {address}  (Ctrl+C ends it)\n")
    sys.stdout.flush()
    if sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        webbrowser.open(address)


def main() -> int:
    """Serve until told to end."""
    serve(announce=announce)
    return 0


if __name__ == "__main__":
    sys.exit(exit_code(main))  # the codes of ``summarizer serve``
