"""Where to listen, and whether strangers can call there."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence

from summarizer.errors import ConfigError

PUBLIC_RATE = "300/minute"  # for one address, where other machines can call and the operator says nothing


def check_address(host: str, *, api_keys: Sequence[str], allow_public: bool) -> None:
    """Raises:
    ConfigError: other machines can call, and nobody is asked for a key.
    """
    if api_keys or allow_public or is_loopback(host):
        return
    raise ConfigError(
        f"{host} can be reached from other machines and no API key is set; set SUMMARIZER_API_KEYS, or listen on "
        "127.0.0.1, or say that anybody may use it (allow_public)"
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine can call."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections.

    Raises:
        ConfigError: the address cannot be had.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=1024)
    except (OSError, OverflowError) as error:
        raise ConfigError(f"cannot listen on {host}:{port} ({error}); choose another --port or --host") from error


def printed(host: str) -> str:
    """The address as it stands in a URL."""
    return f"[{host}]" if ":" in host else host
