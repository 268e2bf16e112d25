"""What is sent to, and what is not: addresses, names, redirects, certificates, and what an answer may do."""

import asyncio
import socket
import ssl
import time

import pytest
import trustme

from app.hooks.reaching import LONGEST_PAUSE, MOST_READ, Answered, Reaching, address_of, check_url
from app.process.networks import networks_in
from app.store.errors import HookRefused
from tests.receiving import Receiver

HERE = networks_in("127.0.0.0/8")


def sent(url: str, networks=HERE, *, seconds: float = 5.0) -> Answered:
    async def send() -> Answered:
        reaching = Reaching(networks, seconds)
        try:
            return await reaching.send(url, b"{}", {"webhook-id": "1"})
        finally:
            await reaching.close()

    return asyncio.run(send())


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "https:///hook",
        "example.org/hook",
        "https://example.org:0/",
        "https://example.org:65536/",
        "https://name:password@example.org/",
        "https://name@example.org/",
        "https://example.org/#part",
        "https://[::1/",
        "https://0177.0.0.1/",
        f"https://example.org/{'x' * 2000}",
        "",
    ],
)
def test_what_is_no_address_to_send_to_is_refused(url: str) -> None:
    with pytest.raises(HookRefused):
        check_url(url)


@pytest.mark.parametrize(
    "url", ["https://example.org/hook?token=1", "http://10.0.0.1:8080/", "https://[2606:4700::1]/x"]
)
def test_an_address_is_taken_as_it_is(url: str) -> None:
    assert check_url(url) == url


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0",
        "localhost",
        "10.0.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "[::1]",
        "[::]",
        "[fd00::1]",
        "[fe80::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a00:1]",
        "[64:ff9b::7f00:1]",
    ],
)
def test_nothing_of_ones_own_is_reached_by_whatever_name(host: str) -> None:
    with pytest.raises(HookRefused, match="network of our own"):
        asyncio.run(address_of(f"https://{host}/hook", ()))


def test_http_is_for_allowed_networks_alone() -> None:
    assert asyncio.run(address_of("https://8.8.8.8/hook", ())) == "8.8.8.8"
    assert asyncio.run(address_of("http://127.0.0.1/hook", HERE)) == "127.0.0.1"
    with pytest.raises(HookRefused, match="Without https"):
        asyncio.run(address_of("http://8.8.8.8/hook", HERE))


def test_what_is_refused_is_never_called(receiver: Receiver) -> None:
    answered = sent(receiver.url, ())
    assert not answered.is_taken
    assert answered.told.startswith("not sent: It is on a network of our own")
    assert receiver.received == []


def test_a_name_is_resolved_once_and_the_connection_goes_where_it_was_judged(receiver, monkeypatch) -> None:
    """The world's names, played by a table that answers otherwise each time."""
    real, answers, asked = socket.getaddrinfo, iter(["127.0.0.1", "10.0.0.1", "10.0.0.1"]), []

    def resolve(host, *rest, **others):
        if host in {"rebinding.example", b"rebinding.example"}:
            asked.append(host)
            host = next(answers)
        return real(host, *rest, **others)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert sent(f"http://rebinding.example:{receiver.port}/hook").is_taken
    assert len(asked) == 1
    assert receiver.received[0].headers["host"] == f"rebinding.example:{receiver.port}"


def test_a_name_with_one_address_of_ones_own_among_others_is_refused(monkeypatch) -> None:
    def resolve(*_, **__):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, 443)) for host in ("8.8.8.8", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(HookRefused):
        asyncio.run(address_of("https://mixed.example/", ()))
    with pytest.raises(HookRefused):
        asyncio.run(address_of("https://mixed.example/", networks_in("10.0.0.0/8")))


def test_a_certificate_has_to_be_that_of_the_name_and_not_of_the_address(tmp_path, monkeypatch) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    for name, is_taken in (("localhost", True), ("other.example", False)):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        with Receiver(tls=context) as receiver:
            answered = sent(f"https://localhost:{receiver.port}/hook", networks_in("127.0.0.0/8 ::1"))
        assert answered.is_taken is is_taken, answered.told
    assert "certificate" in answered.told.lower()


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 410, 429, 500, 503])
def test_anything_but_success_is_not_taken_and_no_redirect_followed(receiver: Receiver, status: int) -> None:
    receiver.answer = lambda _: status
    answered = sent(receiver.url)
    assert not answered.is_taken
    assert answered.told.startswith(f"HTTP {status}")
    assert len(receiver.received) == 1


def raw(answer: bytes, *, ends: bool = True) -> Answered:
    """What comes of an answer of these bytes, after which the connection ``ends`` or stays."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        async def send() -> Answered:
            reaching = Reaching(HERE, 0.5)
            sending = asyncio.create_task(reaching.send(f"http://127.0.0.1:{listening.getsockname()[1]}/", b"{}", {}))
            connection, _ = await asyncio.to_thread(listening.accept)
            await asyncio.to_thread(connection.recv, 65536)
            await asyncio.to_thread(connection.sendall, answer)
            if ends:
                connection.close()
            answered = await sending
            connection.close()
            await reaching.close()
            return answered

        return asyncio.run(send())


def test_an_answer_is_read_as_far_as_it_is_told_and_waited_for_no_longer() -> None:
    endless = b"HTTP/1.1 500 No\r\nContent-Length: 100000000\r\n\r\n" + b"<b>\x00\n\xff" * 1000
    begun = time.monotonic()
    answered = raw(endless, ends=False)
    assert answered.told.startswith("HTTP 500: <b>")
    assert len(answered.told) <= MOST_READ + len("HTTP 500: ")
    assert answered.told.isprintable()
    assert raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", ends=False).is_taken, "what it says is not read"
    assert raw(b"", ends=False).told == "no answer in 0.5 s"
    assert raw(b"HTTP/1.1 200 OK\r\nX: ", ends=False).told == "no answer in 0.5 s"
    assert time.monotonic() - begun < 60
    assert raw(b"").told.startswith("cannot be reached")
    assert raw(b"this is not HTTP\r\n\r\n").told.startswith("cannot be reached")
    assert raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000).told.startswith("cannot be reached")


@pytest.mark.parametrize(
    ("asked", "pause"), [("7", 7.0), ("0", 0.0), ("-3", 0.0), ("99999999", LONGEST_PAUSE), ("Fri, 1 Jan", 0.0)]
)
def test_an_answer_may_ask_for_a_pause(asked: str, pause: float) -> None:
    answer = f"HTTP/1.1 429 Slow\r\nRetry-After: {asked}\r\nContent-Length: 0\r\n\r\n".encode()
    assert raw(answer).pause == pause


def test_who_is_not_there_and_what_nobody_knows_is_told_without_the_address() -> None:
    with Receiver() as gone:
        pass
    for url in (f"http://127.0.0.1:{gone.port}/secret", "https://does-not-exist.invalid/secret"):
        answered = sent(url)
        assert answered.told.startswith("cannot be reached")
        assert "secret" not in answered.told
