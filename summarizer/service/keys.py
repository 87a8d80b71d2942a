"""API keys: kept and compared as hashes, in a time that does not depend on the key."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from starlette.datastructures import Headers

from summarizer.errors import ConfigError

_HASHED = re.compile("sha256:([0-9a-fA-F]{64})")


class Keys:
    """Who may call. Without any key, everybody.

    A key is given as it is, or as ``sha256:`` and 64 hexadecimal digits, so that whoever reads the settings cannot use it.
    """

    def __init__(self, keys: Iterable[str] = ()) -> None:
        self._hashes = tuple(_stated(key) for key in keys)

    def __bool__(self) -> bool:
        return bool(self._hashes)

    def owner(self, headers: Headers) -> str | None:
        """The hash of the key that a request carries, empty where no key is needed; None if it may not pass.

        The key comes as a bearer token, in ``X-API-Key``, or as a browser's password.
        """
        if not self:
            return ""
        given = _hash(_key_in(headers))
        matches = [hmac.compare_digest(given, known) for known in self._hashes]  # all of them: equal time for each
        return given.hex() if any(matches) else None


def keys_from(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Keys from ``SUMMARIZER_API_KEYS``, with commas between them, and from the file ``SUMMARIZER_API_KEYS_FILE``, one a line.

    Not from the command line, where every user of the machine could read them.

    Raises:
        ConfigError: the file cannot be read, or a key cannot stand in a header.
    """
    keys = environment.get("SUMMARIZER_API_KEYS", "").split(",")
    if path := environment.get("SUMMARIZER_API_KEYS_FILE"):
        try:
            keys += Path(path).read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"SUMMARIZER_API_KEYS_FILE names a file that cannot be read: {error}") from error
    return [key.strip() for key in keys if key.strip()]


def _stated(key: str) -> bytes:
    if hashed := _HASHED.fullmatch(key):
        return bytes.fromhex(hashed[1])
    if key.startswith("sha256:") or not key.strip():
        raise ConfigError("an API key is empty or no hash: after 'sha256:' come 64 hexadecimal digits")
    return _hash(key)


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def _key_in(headers: Headers) -> str:
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode("utf-8").partition(":")[2]
        except (binascii.Error, ValueError):
            return ""
    return headers.get("x-api-key", "")
