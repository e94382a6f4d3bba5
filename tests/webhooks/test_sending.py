"""A message goes to the address that was checked, to nobody else, and in bounded time."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator

import pytest

from functions.webhooks import sending
from functions.webhooks.sending import Reply, Sender, Unreachable
from shared.models import addresses
from tests.webhooks.receivers import HOST, Authority, Receiver, receiving, speaking

URL = f"https://{HOST}/hook?a=b"
BODY = b'{"type":"webhook.test"}'


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def secure(authority: Authority) -> Iterator[Receiver]:
    with receiving(authority.context()) as receiver:
        yield receiver


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine counts as a public address, so that a connection to one can be made."""
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.1")


def failure(sender: Sender, url: str = URL, *, listens: bool = False) -> str:
    with pytest.raises(Unreachable) as raised:
        sender.post(url, BODY, {}, listens=listens)
    return raised.value.reason


@pytest.mark.usefixtures("here")
def test_a_message_arrives_at_the_checked_address_under_the_name_of_the_host(
    secure: Receiver, authority: Authority
) -> None:
    asked: list[tuple[str, int]] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["127.0.0.1"]

    sender = Sender(resolve=resolve, trust=authority.trust(), port=secure.port)

    reply = sender.post(URL, BODY, {"webhook-id": "msg_1"})

    assert reply == Reply(204, None, b"")
    (sent,) = secure.sent
    assert (sent.path, sent.body, asked) == ("/hook?a=b", BODY, [(HOST, 443)])
    assert sent.headers == {
        "host": HOST,
        "content-type": "application/json",
        "content-length": str(len(BODY)),
        "user-agent": sending.SENT_AS,
        "accept": "application/json",
        "connection": "close",
        "webhook-id": "msg_1",
    }


@pytest.mark.usefixtures("here")
def test_a_certificate_of_another_host_or_of_nobody_known_is_not_trusted(
    secure: Receiver, authority: Authority
) -> None:
    with receiving(authority.context("other.example.org")) as other:
        found = [
            failure(Sender(resolve=lambda *_: ["127.0.0.1"], port=secure.port)),
            failure(
                Sender(resolve=lambda *_: ["127.0.0.1"], trust=authority.trust("other.example.org"), port=other.port)
            ),
        ]

    assert found == ["tls", "tls"]
    assert secure.sent == other.sent == []


@pytest.mark.parametrize(
    "found",
    [["127.0.0.1"], ["10.0.0.1"], ["1.1.1.1", "169.254.169.254"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"]],
)
def test_a_name_that_also_stands_for_an_address_that_is_not_public_is_refused(
    found: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[object] = []
    monkeypatch.setattr(socket, "create_connection", lambda *given, **_: tried.append(given))

    assert failure(Sender(resolve=lambda *_: found)) == "address"
    assert tried == []


def test_what_a_name_stands_for_is_looked_at_each_time(secure: Receiver, authority: Authority) -> None:
    answers = iter([["127.0.0.1"], ["127.0.0.1"]])
    public = iter([True, False])
    sender = Sender(resolve=lambda *_: next(answers), trust=authority.trust(), port=secure.port)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(addresses, "is_public", lambda _: next(public))
        first = sender.post(URL, BODY, {})
        second = failure(sender)

    assert (first.status, second, len(secure.sent)) == (204, "address", 1)


def test_a_name_that_stands_for_nothing_is_unknown() -> None:
    def unknown(*_: object) -> list[str]:
        raise socket.gaierror

    assert failure(Sender(resolve=unknown)) == "name"
    assert failure(Sender(resolve=lambda *_: [])) == "name"


def test_an_address_that_was_stored_by_other_rules_is_refused() -> None:
    assert failure(Sender(), "http://localhost:1/") == "address"
    assert failure(Sender(localhost=True), "http://10.0.0.1/") == "address"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with receiving() as elsewhere, receiving() as receiver:
        receiver.respond = lambda _: (status, {"Location": elsewhere.url}, b"")

        reply = Sender(localhost=True).post(receiver.url, BODY, {})

    assert (reply.status, len(receiver.sent), elsewhere.sent) == (status, 1, [])


def test_no_proxy_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as receiver:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9/")

        assert Sender(localhost=True).post(receiver.url, BODY, {}).status == 204


@pytest.mark.parametrize(
    ("sent", "seconds"),
    [("120", 120), ("0", 0), ("999999999", 3600), ("-1", None), ("1e3", None), ("Sat, 21 Nov 2026 10:00:00 GMT", None)],
)
def test_a_receiver_may_say_when_to_come_back_in_seconds(sent: str, seconds: int | None) -> None:
    with receiving() as receiver:
        receiver.respond = lambda _: (503, {"Retry-After": sent}, b"")

        assert Sender(localhost=True).post(receiver.url, BODY, {}) == Reply(503, seconds, b"")


def test_the_body_of_an_answer_is_read_by_who_listens_and_only_its_beginning() -> None:
    with receiving() as receiver:
        receiver.respond = lambda _: (200, {}, b"x" * 10_000)
        sender = Sender(localhost=True)

        assert sender.post(receiver.url, BODY, {}).body == b""
        assert sender.post(receiver.url, BODY, {}, listens=True).body == b"x" * sending.READ_OF_BODY


def _dripping(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-More: y\r\n")
        time.sleep(0.05)


def _endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-More: " + b"y" * 1000 + b"\r\n")


def _silent(connection: socket.socket) -> None:
    connection.recv(65_536)
    connection.recv(1)


@pytest.mark.parametrize(
    ("behave", "reason"),
    [
        (_silent, {"timeout"}),
        (_dripping, {"timeout", "answer"}),
        (_endless, {"answer"}),
        (lambda connection: connection.sendall(b"SSH-2.0-x\r\n"), {"answer"}),
        (lambda connection: connection.sendall(b"HTTP/1.1 9999 No\r\n\r\n"), {"answer"}),
        (lambda connection: connection.recv(1), {"answer"}),
        (lambda _: None, {"answer"}),
    ],
)
def test_whatever_a_receiver_does_the_attempt_ends(
    behave: Callable[[socket.socket], None], reason: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "WHOLE_SECONDS", 0.5)
    started = time.monotonic()

    with speaking(behave) as port:
        found = failure(Sender(localhost=True), f"http://localhost:{port}/")
        ended = time.monotonic() - started

    assert found in reason
    assert ended < 2


def test_a_handshake_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "CONNECT_SECONDS", 0.3)
    monkeypatch.setattr(addresses, "is_public", lambda _: True)

    with speaking(_silent) as port:
        assert failure(Sender(resolve=lambda *_: ["127.0.0.1"], port=port)) == "timeout"


@pytest.mark.parametrize("url", [URL, "http://localhost/"])
def test_whoever_connects_slowly_has_no_more_time_for_what_follows(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.create_connection

    def slow(_: tuple[str, int], timeout: float) -> socket.socket:
        time.sleep(0.8)
        return connect(("127.0.0.1", port), timeout)

    monkeypatch.setattr(sending, "WHOLE_SECONDS", 1.0)
    monkeypatch.setattr(addresses, "is_public", lambda _: True)
    monkeypatch.setattr(socket, "create_connection", slow)
    sender = Sender(localhost=True, resolve=lambda *_: ["127.0.0.1"])

    with speaking(lambda _: time.sleep(2)) as port:
        started = time.monotonic()
        with pytest.raises(Unreachable) as raised:
            sender.post(url, b"x" * 50_000_000, {})
        ended = time.monotonic() - started

    assert raised.value.reason == "timeout"
    assert ended < 1.6


def test_a_name_that_nobody_answers_for_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "CONNECT_SECONDS", 0.1)

    def slow(*_: object) -> list[str]:
        time.sleep(0.5)
        return ["127.0.0.1"]

    assert failure(Sender(resolve=slow)) == "name"


def test_a_port_that_nobody_listens_on_is_no_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    assert failure(Sender(localhost=True), f"http://127.0.0.1:{port}/") == "connect"


def test_certificates_are_checked_by_the_rules_of_the_platform() -> None:
    context = Sender().trust()

    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


def test_a_message_has_an_answer_however_it_is_chunked() -> None:
    def chunked(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")

    with speaking(chunked) as port:
        assert Sender(localhost=True).post(f"http://localhost:{port}/", BODY, {}, listens=True).body == b"{}"


def test_what_is_sent_cannot_break_out_of_its_line() -> None:
    with receiving() as receiver:
        Sender(localhost=True).post(f"http://localhost:{receiver.port}/a%0d%0aX:1", BODY, {})

    assert [(sent.path, "x" in sent.headers) for sent in receiver.sent] == [("/a%0d%0aX:1", False)]
