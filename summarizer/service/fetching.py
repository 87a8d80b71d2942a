"""Pages of the public internet, fetched for whoever asks, without a way into the operator's own network.

A name is looked up once, every address it has must be public, and the connection goes to an address that was checked;
so it is for every redirect. Time and size are bounded, unpacking included. Nothing is stored: no cookies, no proxy.
"""

from __future__ import annotations

import asyncio
import contextlib
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import httpcore
import httpx

from summarizer.errors import InputError, InputTooLarge
from summarizer.service.media import media_type
from summarizer.service.public import Address, is_public, parsed, resolve
from summarizer.version import __version__

if TYPE_CHECKING:
    import ssl

Rule: TypeAlias = Callable[[Address], bool]
Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_HTML = ("text/html", "application/xhtml+xml")
TYPES = (*_HTML, "text/plain", "text/markdown", "application/pdf", _DOCX)
_MOVED = (301, 302, 303, 307, 308)
_HEADERS = {
    "User-Agent": f"summarizer/{__version__}",
    "Accept": ", ".join(TYPES),
    "Accept-Encoding": "gzip, deflate",
    "Accept-Language": "*",
}
_TIMES = {"connect": 5.0, "read": 10.0, "write": 10.0, "pool": 5.0}  # seconds of each step, within those of the whole
MOST_ADDRESSES = 3  # of one name, tried one after the other
_PASTE = "open it in a browser, and paste or save what is shown"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page's bytes, the encoding its server said, and whether it said HTML."""

    data: bytes
    charset: str = ""
    is_html: bool = False


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches pages. ``allowed`` and ``resolve`` say which addresses may be connected to and which a name has.

    ``size`` bytes at most, packed and unpacked; ``seconds`` for all of it; ``redirects`` to follow; ``trust``: whose
    certificates count, when None those of the usual authorities.
    """

    size: int = 16 * 2**20
    seconds: float = 20.0
    redirects: int = 5
    ports: frozenset[int] = frozenset({80, 443})
    allowed: Rule = is_public
    resolve: Resolve = resolve
    trust: ssl.SSLContext | None = None

    async def fetch(self, url: str) -> Fetched:
        """What is at ``url``, after its redirects.

        Raises:
            InputError: it is no public address, does not answer, or answers something that is not read.
            InputTooLarge: it is over ``size``.
        """
        try:
            return await asyncio.wait_for(self._followed(url), self.seconds)
        except asyncio.TimeoutError:
            raise InputError(f"the page did not come within {self.seconds:g} s; {_PASTE}") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as error:
            raise InputError(f"the page could not be fetched ({type(error).__name__}); check the address") from error

    async def _followed(self, url: str) -> Fetched:
        at = self._checked(url)
        backend = _Checked(self.allowed, self.resolve)
        async with httpcore.AsyncConnectionPool(self.trust or _usual(), network_backend=backend) as pool:
            for _ in range(self.redirects + 1):
                async with pool.stream(
                    "GET", _core(at), headers=_headers(at), extensions={"timeout": _TIMES}
                ) as answer:
                    if answer.status not in _MOVED:
                        return await self._taken(answer)
                    at = self._checked(_header(answer, b"location"), at)
        raise InputError(f"the page sends on to another more than {self.redirects} times; {_PASTE}")

    def _checked(self, url: str, base: httpx.URL | None = None) -> httpx.URL:
        try:
            at = base.join(url) if base else httpx.URL(url.strip())
        except (httpx.InvalidURL, ValueError) as error:
            raise InputError("this is no URL; write it as https://example.org/page") from error
        if at.scheme not in ("http", "https") or not at.host:
            raise InputError("only pages of the web are fetched; write the URL as https://example.org/page")
        if at.userinfo:
            raise InputError("the URL holds a user name or a password; leave it out")
        if (at.port or {"http": 80, "https": 443}[at.scheme]) not in self.ports:
            raise InputError(f"only the ports {_listed(self.ports)} are fetched from; leave the port out of the URL")
        return at

    async def _taken(self, answer: httpcore.Response) -> Fetched:
        if answer.status != 200:
            raise InputError(f"the page answers with the status {answer.status}; {_PASTE}")
        kind, charset = media_type(_header(answer, b"content-type"))
        if kind not in TYPES:
            raise InputError("what is at this address is no page, text, PDF or .docx file, or does not say what it is")
        data = b"".join([part async for part in self._unpacked(answer)])
        return Fetched(data, charset, kind in _HTML)

    async def _unpacked(self, answer: httpcore.Response) -> AsyncIterator[bytes]:
        """The parts of the body, unpacked; it ends with an error as soon as there is too much."""
        unpack = _unpacker(_header(answer, b"content-encoding").strip().lower())
        packed = size = 0
        async for part in answer.aiter_stream():
            packed += len(part)
            found = unpack(part, self.size - size + 1)
            size += len(found)
            if max(packed, size) > self.size:
                raise InputTooLarge(
                    f"the page is over the limit of {self.size:,} bytes; paste the part that is to be read"
                )
            yield found


class _Checked(httpcore.AsyncNetworkBackend):
    """Connects to addresses that it has looked up and checked itself, and to no others."""

    def __init__(self, allowed: Rule, resolve: Resolve) -> None:
        self._allowed, self._resolve = allowed, resolve
        self._below = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._addresses(host, port)
        for address in addresses[:-1]:
            with contextlib.suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await self._below.connect_tcp(str(address), port, timeout, local_address, socket_options)
        return await self._below.connect_tcp(str(addresses[-1]), port, timeout, local_address, socket_options)

    async def _addresses(self, host: str, port: int) -> list[Address]:
        """One message for what is not there and what is not public: nobody learns the names of a network this way."""
        try:
            found = parsed(await self._resolve(host, port))
        except (OSError, UnicodeError, ValueError):
            found = []
        if not found or not all(map(self._allowed, found)):
            raise InputError("there is no public web site of this name; check the address")
        return found[:MOST_ADDRESSES]


def _core(at: httpx.URL) -> httpcore.URL:
    return httpcore.URL(scheme=at.raw_scheme, host=at.raw_host, port=at.port, target=at.raw_path)


def _headers(at: httpx.URL) -> list[tuple[bytes | str, bytes | str]]:
    return [("Host", at.netloc), *_HEADERS.items()]


def _header(answer: httpcore.Response, name: bytes) -> str:
    found: bytes = next((value for key, value in answer.headers if key.lower() == name), b"")
    return found.decode("utf-8", "replace")


def _unpacker(encoding: str) -> Callable[[bytes, int], bytes]:
    """What unpacks a body part by part, so many bytes at most; what is beyond them is not kept."""
    if encoding in ("", "identity"):
        return lambda part, most: part[:most]
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise InputError(f"the page is packed in a way that is not read; {_PASTE}")
    stream = zlib.decompressobj(47)  # gzip or zlib, whichever it is

    def unpack(part: bytes, most: int) -> bytes:
        try:
            return stream.decompress(part, most)
        except zlib.error as error:
            raise InputError(f"the page arrives damaged; {_PASTE}") from error

    return unpack


@cache
def _usual() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _listed(ports: Iterable[int]) -> str:
    return " and ".join(map(str, sorted(ports)))
