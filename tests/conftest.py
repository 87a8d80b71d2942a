"""What every test starts from."""

from __future__ import annotations

import signal

# Shells start what runs in the background, and ``nohup`` all it runs, with these ignored, and programs hand that on to
# those they start: the ones that the tests start and end by a signal would not hear it.
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
