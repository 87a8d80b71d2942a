"""Where this program keeps files of its own."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """For what is made once and can be made again: ``$SUMMARIZER_CACHE``, or ``summarizer`` in the user's cache folder.

    Raises:
        RuntimeError: the user has no home.
    """
    own = os.environ.get("SUMMARIZER_CACHE")
    base = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache")
    return (Path(own) if own else base / "summarizer").expanduser()
