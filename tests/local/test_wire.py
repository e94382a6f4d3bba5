import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from infra.local.wire import Limits, Refusal, Request, Response, Server, listen

LIMITS = Limits(
    body_bytes=100_000, connections=20, idle_seconds=1.0, head_seconds=0.4, body_seconds=0.4, send_seconds=5.0
)


def respond(request: Request) -> Response:
    if request.target == "/wait":
        time.sleep(0.5)
    if request.target == "/none":
        return Response(204)
    return Response(200, (("X-Method", request.method),), request.body or request.target.encode())


def refuse(refusal: Refusal) -> Response:
    return Response(refusal.status, (("X-Refused", "yes"),), refusal.reason.encode())


@contextlib.contextmanager
def serving(limits: Limits) -> Iterator[int]:
    with listen("127.0.0.1", 0) as listener:
        server = Server(listener, respond, refuse, limits)
        server.start()
        yield listener.getsockname()[1]
        server.stop(grace=5)


@pytest.fixture
def port() -> Iterator[int]:
    with serving(LIMITS) as number:
        yield number


def exchange(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """Send the parts and return all that comes back until the other side ends."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        for part in parts:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(part)
            time.sleep(pause)
        with contextlib.suppress(ConnectionResetError):
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65_536):
                received += piece
    return received


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def test_several_requests_travel_on_one_connection(port: int) -> None:
    second = b"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"

    answer = exchange(port, b"\r\n", GET + GET[:10], GET[10:] + second)

    assert answer.count(b"HTTP/1.1 200 OK\r\n") == 3
    assert answer.endswith(b"\r\n\r\nhello")
    assert answer.count(b"Connection: close") == 1


def test_chunked_bodies_are_put_together(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"

    answer = exchange(port, head, b"3\r\nabc\r\n", b'2;note="x"\r\nde\r\n0\r\nTrailer: y\r\n\r\n', pause=0.05)

    assert answer.endswith(b"\r\n\r\nabcde")


def test_a_client_that_asks_first_is_told_to_go_on(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"

    answer = exchange(port, head, b"ok", pause=0.05)

    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")


def test_head_has_no_body(port: int) -> None:
    answer = exchange(port, b"HEAD /path HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    assert b"Content-Length: 5\r\n" in answer
    assert answer.endswith(b"\r\n\r\n")


def test_an_answer_without_content_has_no_length(port: int) -> None:
    answer = exchange(port, b"GET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 204 No Content\r\n")
    assert b"Content-Length" not in answer


def test_the_old_protocol_ends_after_one_answer(port: int) -> None:
    answer = exchange(port, b"GET / HTTP/1.0\r\n\r\n" + GET)

    assert answer.count(b"HTTP/1.1 200") == 1


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET /\r\n\r\n", 400),
        (b"GET / HTTP/1.1 more\r\nHost: x\r\n\r\n", 400),
        (b"G\xc3\x84T / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET /\xc3\xa4 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\nHost: x\n\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nNo colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: \x00\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1" * 3_000, 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n", 413),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999\r\n\r\n", 413),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999\r\n\r\n" + b"x" * 999_999, 413),
        (b"GET / HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\n\r\n", 417),
        (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 20_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: a\r\n" * 5_000 + b"\r\n", 431),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    ],
)
def test_nonsense_is_refused_and_the_server_lives_on(port: int, sent: bytes, expected: int) -> None:
    answer = exchange(port, sent)

    assert status(answer) == expected
    assert b"X-Refused: yes\r\n" in answer
    assert b"Traceback" not in answer
    assert status(exchange(port, GET)) == 200


@pytest.mark.parametrize(
    "parts",
    [
        (b"GET / HT", b"TP/1.1\r\n", b"Host: x\r\n", b"A: b\r\n"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n", b"a", b"b", b"c"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", b"5", b"\r\n", b"a"),
    ],
)
def test_a_slow_client_is_not_waited_for(port: int, parts: tuple[bytes, ...]) -> None:
    answer = exchange(port, *parts, pause=0.25)

    assert status(answer) == 408


def test_a_silent_connection_is_closed(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        received = connection.recv(1)

    assert received == b""


def test_clients_that_leave_in_the_middle_do_no_harm(port: int) -> None:
    for sent in (b"", b"GET", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab", GET):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(sent)

    answer = exchange(port, GET)

    assert status(answer) == 200


def test_more_connections_than_threads_wait_for_their_turn() -> None:
    with serving(replace(LIMITS, connections=2, idle_seconds=0.2)) as port:
        answers: list[bytes] = []
        threads = [threading.Thread(target=lambda: answers.append(exchange(port, GET))) for _ in range(10)]

        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert [status(answer) for answer in answers] == [200] * 10


def test_requests_are_answered_side_by_side(port: int) -> None:
    began = time.monotonic()
    threads = [
        threading.Thread(target=exchange, args=(port, b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")) for _ in range(8)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert time.monotonic() - began < 2.0


def test_a_request_under_way_is_answered_before_the_end() -> None:
    with listen("127.0.0.1", 0) as listener:
        server = Server(listener, respond, refuse, LIMITS)
        server.start()
        answers: list[bytes] = []
        sent = b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n"
        thread = threading.Thread(target=lambda: answers.append(exchange(listener.getsockname()[1], sent)))
        thread.start()
        time.sleep(0.2)

        server.stop(grace=5)

        thread.join()
    assert status(answers[0]) == 200
    assert b"Connection: close" in answers[0]


def test_a_connection_that_has_only_begun_is_answered_before_the_end() -> None:
    with listen("127.0.0.1", 0) as listener:
        server = Server(listener, respond, refuse, LIMITS)
        server.start()
        with socket.create_connection(listener.getsockname(), timeout=10) as connection:
            time.sleep(0.2)
            stopping = threading.Thread(target=server.stop, args=(5,))
            stopping.start()
            time.sleep(0.2)

            connection.sendall(GET)

            answer = connection.recv(65_536)
        stopping.join()
    assert status(answer) == 200
