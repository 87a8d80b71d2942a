"""``python -m summarizer`` is the command ``summarizer``."""

from __future__ import annotations

import sys

from summarizer.cli import main

if __name__ == "__main__":  # worker processes import this module too
    sys.exit(main())
