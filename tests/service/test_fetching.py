"""Pages are fetched from the public internet and from nowhere else, within bounds, by real requests to real servers."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import select
import shutil
import socket
import ssl
import subprocess
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summarizer.errors import InputError, InputTooLarge
from summarizer.service.fetching import Fetched, Fetcher
from summarizer.service.public import is_public, resolve

PAGE = b"<html><title>Rat</title><p>Der Rat hat am Montag beschlossen, das Dach zu erneuern.</p></html>"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
Answer = Callable[[socket.socket, str], None]


@contextmanager
def server(
    answer: Answer | bytes, wrap: Callable[[socket.socket], socket.socket] = lambda plain: plain
) -> Iterator[Server]:
    """A server on this machine that answers each connection with these bytes, or as the function does."""
    listener = socket.create_server(("127.0.0.1", 0))
    said = Server(listener.getsockname()[1], [])

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=speak, args=(connection,), daemon=True).start()

    def speak(plain: socket.socket) -> None:
        with plain, contextlib.suppress(OSError), wrap(plain) as connection:  # OSError: the client has seen enough
            head = connection.recv(65_536).decode("latin-1")
            said.requests.append(head)
            if isinstance(answer, bytes):
                connection.sendall(answer)
            else:
                answer(connection, head)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield said
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


class Server:
    """Where it listens, and the heads of the requests it got."""

    def __init__(self, port: int, requests: list[str]) -> None:
        self.port, self.requests = port, requests


def whole(body: bytes, head: bytes = HEAD) -> bytes:
    return head + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body


def moved(to: str, status: int = 302) -> bytes:
    return f"HTTP/1.1 {status} Moved\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()


def names(**known: str | Sequence[str]) -> Any:
    """A name service of its own; ``news.test`` lives on this machine. What it does not know is left to the system."""

    async def look_up(host: str, port: int) -> Sequence[str]:
        found = {"news": "127.0.0.1", **known}.get(host.removesuffix(".test"))
        if found is None:
            return await resolve(host, port)
        return [found] if isinstance(found, str) else found

    return look_up


def get(url: str, *ports: int, allowed: Any = None, **said: Any) -> Fetched:
    """Fetch with this machine's ports let in; of its addresses only 127.0.0.1 counts as public."""
    rule = allowed or (lambda address: str(address) == "127.0.0.1" or is_public(address))
    said = {"resolve": names(), "ports": frozenset({80, 443, *ports}), "seconds": 5.0, "allowed": rule, **said}
    return asyncio.run(Fetcher(**said).fetch(url))


def test_a_page_is_fetched() -> None:
    """Its bytes, what its server said of it; asked for with a plain name, without cookies, by the name in the URL."""
    with server(
        whole(PAGE, b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Type: text/HTML; Charset='x-1'\r\n")
    ) as there:
        page = get(f"http://news.test:{there.port}/artikel?id=1#oben", there.port)
    assert page == Fetched(PAGE, "x-1", is_html=True)
    (head,) = there.requests
    assert head.startswith("GET /artikel?id=1 HTTP/1.1\r\n")
    assert f"Host: news.test:{there.port}\r\n" in head
    assert "User-Agent: summarizer/" in head
    assert "cookie" not in head.lower()


def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy would look the name up again, and where it goes nobody here could check."""
    with server(whole(PAGE)) as there, server(whole(b"proxied")) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert get(f"http://news.test:{there.port}/", there.port).data == PAGE
    assert proxy.requests == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False),
        ("127.255.255.254", False),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("100.100.100.200", False),
        ("192.0.0.192", False),
        ("168.63.129.16", False),
        ("192.88.99.1", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("239.255.255.250", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::127.0.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.215.14", False),
        ("::ffff:0:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::7f00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
        ("2001:db8::1", False),
        ("3fff::1", False),
        ("fe80::1", False),
        ("fe80::1%1", False),
        ("2606:2800:21f::1%1", False),
        ("fec0::1", False),
        ("fd00:ec2::254", False),
        ("ff02::1", False),
        ("100::1", False),
    ],
)
def test_the_public_internet(address: str, public: bool) -> None:
    """Own networks, this machine, metadata services, and every way to write an IPv4 address as IPv6."""
    assert is_public(ip_address(address)) is public


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0/",
        "http://0.0.0.0/",
        "http://017700000001/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://localhost/",
        "http://LOCALHOST./",
        "https://127.0.0.1/",
        "http://news.test./",
        "http://inner.test/",
        "http://mixed.test/",
        "http://nowhere.test/",
        "http://nonsense.test/",
        "http://empty.test/",
    ],
)
def test_what_is_not_public_is_not_connected_to(url: str) -> None:
    """However it is written, and with one message for all, so that nobody learns which names a network has."""

    async def look_up(host: str, port: int) -> Sequence[str]:
        known = {
            "inner.test": ["10.0.0.7"],
            "mixed.test": ["93.184.215.14", "10.0.0.7"],
            "nonsense.test": ["here"],
            "empty.test": [],
            "news.test.": ["127.0.0.1"],
        }
        if host == "nowhere.test":
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return known[host] if host in known else await resolve(host, port)

    with pytest.raises(InputError, match="no public web site of this name"):
        get(url, allowed=is_public, resolve=look_up)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("ftp://news.test/a", "pages of the web"),
        ("file:///etc/passwd", "pages of the web"),
        ("gopher://127.0.0.1:70/", "pages of the web"),
        ("data:text/html,hello", "pages of the web"),
        ("news.test/a", "pages of the web"),
        ("http://", "pages of the web"),
        ("http:///a", "pages of the web"),
        ("", "pages of the web"),
        ("http://news.test@127.0.0.1/", "user name"),
        ("http://user:secret@news.test/", "user name"),
        ("http://news.test:22/", "ports 80 and 443"),
        ("http://0177.0.0.1/", "no URL"),
        ("http://１２７.0.0.1/", "no URL"),
        ("http://news.test:65536/", "ports 80 and 443"),
        ("http://news.test:x/", "no URL"),
        ("http://[::1/", "no URL"),
        ("http://news\n.test/", "no URL"),
        ("http://-\ud800.test/", "no URL"),
    ],
)
def test_urls_that_are_not_fetched(url: str, told: str) -> None:
    """Other schemes, other ports, names and passwords, and what is no URL."""
    with pytest.raises(InputError, match=told):
        asyncio.run(Fetcher().fetch(url))


def test_the_address_that_was_checked_is_the_one_connected_to() -> None:
    """A name that shows a public address first and an inner one later (rebinding) is looked up once and no more."""
    looked_up = []

    async def rebinding(host: str, port: int) -> Sequence[str]:
        looked_up.append(host)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["127.0.0.2"]

    with server(whole(PAGE)) as there:
        assert get(f"http://two-faced.test:{there.port}/", there.port, resolve=rebinding).data == PAGE
    assert looked_up == ["two-faced.test"]


def test_the_next_address_is_tried() -> None:
    """A name has several; one of them may not answer."""
    with server(whole(PAGE)) as there:
        found = get(
            f"http://both.test:{there.port}/",
            there.port,
            resolve=names(both=["127.0.0.9", "127.0.0.1"]),
            allowed=lambda _: True,
        )
    assert found.data == PAGE


def test_redirects_are_followed() -> None:
    """To another path and another host, five at most."""

    def answer(connection: socket.socket, head: str) -> None:
        step = int(head.split()[1].strip("/"))
        to = (
            f"/{step - 1}"
            if step % 2
            else f"//other.test:{head.split('Host: ')[1].split(maxsplit=1)[0].split(':')[1]}/{step - 1}"
        )
        connection.sendall(moved(to, (301, 302, 303, 307, 308)[step % 5]) if step else whole(PAGE))

    with server(answer) as there:
        for steps in (1, 5):
            url = f"http://news.test:{there.port}/{steps}"
            assert get(url, there.port, resolve=names(other="127.0.0.1")).data == PAGE
        with pytest.raises(InputError, match="more than 5 times"):
            get(f"http://news.test:{there.port}/6", there.port, resolve=names(other="127.0.0.1"))


@pytest.mark.parametrize(
    ("to", "told"),
    [
        ("http://inner.test/", "no public web site"),
        ("http://10.0.0.1/", "no public web site"),
        ("//[::1]/", "no public web site"),
        ("http://169.254.169.254/latest/", "no public web site"),
        ("http://news.test@inner.test/", "user name"),
        ("http://news.test:22/", "ports"),
        ("file:///etc/passwd", "pages of the web"),
        ("http://[", "no public web site"),
        ("http://[::1", "no URL"),
        ("\x80\xff:", "more than 5 times"),
    ],
)
def test_each_redirect_is_checked(to: str, told: str) -> None:
    """A public page does not lead into the network."""
    with server(moved(to)) as there, pytest.raises(InputError, match=told):
        get(f"http://news.test:{there.port}/", there.port, resolve=names(inner="10.0.0.7"))


def test_a_body_without_end_is_cut() -> None:
    """By its size while it comes, whatever its head said."""

    def endless(connection: socket.socket, _head: str) -> None:
        connection.sendall(HEAD + b"\r\n")
        while True:
            connection.sendall(b"x" * 10_000)

    with server(endless) as there, pytest.raises(InputTooLarge, match="50,000 bytes"):
        get(f"http://news.test:{there.port}/", there.port, size=50_000)


def test_a_body_of_exactly_the_size_passes() -> None:
    """The bound itself is allowed, packed or not."""
    body = b"x" * 1000
    packed = HEAD + b"Content-Encoding: gzip\r\n"
    for answer in (whole(body), whole(gzip.compress(body), packed)):
        with server(answer) as there:
            assert get(f"http://news.test:{there.port}/", there.port, size=1000).data == body
            with pytest.raises(InputTooLarge):
                get(f"http://news.test:{there.port}/", there.port, size=999)


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (b"", b""),
        (b"", b"H"),
        (HEAD, b"X-A: b\r\n"),
        (HEAD + b"\r\n", b"x"),
        (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    ],
    ids=["silent", "first line", "head", "body", "hints"],
)
def test_a_slow_server_is_left(first: bytes, again: bytes) -> None:
    """All of it together has its time, however the seconds are spread."""

    def slow(connection: socket.socket, _head: str) -> None:
        connection.sendall(first)
        for _ in range(600):  # until the client hangs up, if it ever does
            connection.sendall(again)
            if select.select([connection], [], [], 0.1)[0]:
                return

    with server(slow) as there, pytest.raises(InputError, match=r"within 0\.5 s"):
        get(f"http://news.test:{there.port}/", there.port, seconds=0.5)


def test_a_bomb_is_cut_while_it_is_unpacked() -> None:
    """40 MB in 40 KB: neither kept nor unpacked beyond the bound."""
    bomb = gzip.compress(bytes(40_000_000))
    assert len(bomb) < 50_000
    with server(whole(bomb, HEAD + b"Content-Encoding: gzip\r\n")) as there, pytest.raises(InputTooLarge):
        get(f"http://news.test:{there.port}/", there.port, size=100_000)


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [(b"gzip", gzip.compress), (b"x-gzip", gzip.compress), (b"deflate", zlib.compress), (b"identity", bytes)],
)
def test_packed_bodies(encoding: bytes, pack: Callable[[bytes], bytes]) -> None:
    """As they were asked for; in parts too."""
    body = PAGE * 500

    def in_parts(connection: socket.socket, _head: str) -> None:
        connection.sendall(HEAD + b"Content-Encoding: " + encoding + b"\r\nTransfer-Encoding: chunked\r\n\r\n")
        packed = pack(body)
        for at in range(0, len(packed), 100):
            part = packed[at : at + 100]
            connection.sendall(b"%x\r\n%b\r\n" % (len(part), part))
        connection.sendall(b"0\r\n\r\n")

    with server(in_parts) as there:
        assert get(f"http://news.test:{there.port}/", there.port).data == body


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n", "status 404"),
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "status 403"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", "status 204"),
        (b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", "more than 5 times|no URL|web"),
        (whole(b"x", b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n"), "no page"),
        (whole(b"x", b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"), "no page"),
        (whole(b"x", b"HTTP/1.1 200 OK\r\n"), "does not say"),
        (whole(b"x", HEAD + b"Content-Encoding: br\r\n"), "packed"),
        (whole(b"x", HEAD + b"Content-Encoding: gzip, gzip\r\n"), "packed"),
        (whole(b"no gzip", HEAD + b"Content-Encoding: gzip\r\n"), "damaged"),
        (HEAD + b"Content-Length: 100\r\n\r\nx", "could not be fetched"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "could not be fetched"),
        (b"", "could not be fetched"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n", "could not be fetched"),
    ],
)
def test_answers_that_are_no_page(answer: bytes, told: str) -> None:
    """Each is told, with what helps."""
    with server(answer) as there, pytest.raises(InputError, match=told):
        get(f"http://news.test:{there.port}/", there.port)


def test_a_certificate_is_checked() -> None:
    """TLS to something that has none, or not one that is trusted, is no connection."""
    with server(whole(PAGE)) as there, pytest.raises(InputError, match="could not be fetched"):
        get(f"https://news.test:{there.port}/", there.port)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_a_certificate_is_of_the_name_not_of_the_address(tmp_path: Path) -> None:
    """The name in the URL is asked for and compared, though the connection goes to an address."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ]
    made += ["-subj", "/CN=news.test", "-addext", "subjectAltName=DNS:news.test", "-keyout", key, "-out", certificate]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def secretly(connection: socket.socket, _head: str) -> None:
        connection.sendall(whole(PAGE))

    with server(secretly, wrap=lambda plain: context.wrap_socket(plain, server_side=True)) as there:
        trust = ssl.create_default_context(cafile=certificate)
        assert get(f"https://news.test:{there.port}/", there.port, trust=trust).data == PAGE
        for url, trusted in ((f"https://127.0.0.1:{there.port}/", trust), (f"https://news.test:{there.port}/", None)):
            with pytest.raises(InputError, match="could not be fetched"):
                get(url, there.port, trust=trusted)


GENTLE = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


@GENTLE
@given(
    url=st.text(st.characters(), max_size=40)
    | st.text(st.sampled_from("htps:/@[]#?.%\\ 127localhost\n０。"), max_size=30).map("http://".__add__)
)
def test_any_url(url: str) -> None:
    """No string makes it connect to anything here, and none breaks it."""

    async def nowhere(_host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    with pytest.raises(InputError):
        asyncio.run(Fetcher(resolve=nowhere).fetch(url))


@pytest.fixture(scope="module")
def any_server() -> Iterator[tuple[Server, list[bytes]]]:
    says = [b""]
    with server(lambda connection, _head: connection.sendall(says[0])) as there:
        yield there, says


@GENTLE
@given(
    start=st.sampled_from(
        [
            b"",
            b"HTTP/1.1 ",
            b"HTTP/1.1 200 OK\r\n",
            HEAD,
            b"HTTP/1.1 302 F\r\nLocation: ",
            HEAD + b"Content-Encoding: gzip\r\n\r\n",
        ]
    ),
    rest=st.binary(max_size=60),
)
def test_any_answer(any_server: tuple[Server, list[bytes]], start: bytes, rest: bytes) -> None:
    """Whatever a server says: a page, or an error that tells what helps."""
    there, says = any_server
    says[0] = start + rest
    with contextlib.suppress(InputError):
        assert get(f"http://news.test:{there.port}/", there.port).data is not None
