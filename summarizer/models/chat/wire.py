"""What a server sends, read within bounds: so many bytes, so many seconds, and text that can be written down again."""

from __future__ import annotations

import json
import re
import time
from typing import Any

# Room for one token: four to five bytes of text, thrice as many with every character as an escape, and what a server
# adds to each (a token of its own in ``logprobs`` where a preset asks for them).
BYTES_PER_TOKEN = 64
ENVELOPE = 65_536  # bytes around the answer, errors and pages of proxies included

_HALF_A_PAIR = re.compile(rb"\\u[dD][89a-fA-F]|\xed[\xa0-\xbf]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class TooLong(Exception):
    """More bytes than an answer of that many tokens can have."""


class TooSlow(Exception):
    """The answer has begun, and is not whole when its time is over."""


def bounded_client(timeout: float, largest: int) -> Any:
    """An HTTP client for ``openai`` that reads at most ``largest`` bytes of an answer, for at most ``timeout`` seconds.

    The timeout of the client itself is one for each read: a server that sends a byte a second would never be over it.
    """
    from openai import DefaultHttpxClient  # noqa: PLC0415  # 1 s that only servers need

    class BoundedClient(DefaultHttpxClient):
        def send(self, request: Any, **more: Any) -> Any:
            over = time.monotonic() + timeout
            found = super().send(request, **{**more, "stream": True})
            try:
                body = _read(found, over, largest)
            finally:
                found.close()
            headers = {name: value for name, value in found.headers.items() if name not in _OF_THE_WIRE}
            whole = type(found)(found.status_code, headers=headers, content=_whole(body), request=found.request)
            whole.history = found.history
            return whole

    return BoundedClient(timeout=timeout)


_OF_THE_WIRE = {"content-encoding", "content-length", "transfer-encoding"}  # true of what was sent, not of what is read


def _read(found: Any, over: float, largest: int) -> bytes:
    body = bytearray()
    for chunk in found.iter_bytes():
        body += chunk
        if len(body) > largest:
            raise TooLong(f"more than {largest} bytes")
        if time.monotonic() > over:
            raise TooSlow(f"{len(body)} bytes so far")
    return bytes(body)


def _whole(body: bytes) -> bytes:
    """JSON without halves of surrogate pairs, of which no text can be made: they become U+FFFD."""
    if not _HALF_A_PAIR.search(body):
        return body
    try:
        text = json.dumps(json.loads(body), ensure_ascii=False)
    except ValueError:
        return body
    return _SURROGATE.sub("\ufffd", text).encode()
