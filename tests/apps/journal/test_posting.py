"""A delivery reaches nothing inside, and who receives it can tell that it is ours."""

from __future__ import annotations

import base64
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tests.apps.journal.inner_addresses import ADDRESSES, NAMES

from kaiyuan.apps.journal.outbox.posting import is_outside, post
from kaiyuan.apps.journal.outbox.signature import is_signed, new_secret, signed_headers

CONNECTED: list[object] = []
WATCHING = threading.Event()


def _watch(event: str, arguments: tuple) -> None:
    if event == "socket.connect" and WATCHING.is_set():
        CONNECTED.append(arguments[1])


sys.addaudithook(_watch)


@pytest.fixture
def names(monkeypatch):
    """Resolve a few made-up names, numbers as the system does, and nothing else: tests have no network."""
    plain, asked = socket.getaddrinfo, []
    known = {name: [address] for name, address in NAMES.items()}

    def resolve(host, port, *more, **named):
        asked.append(host)
        key = str(host).lower()
        if key in known:
            answers = known[key]
            return plain(answers.pop(0) if len(answers) > 1 else answers[0], port, *more, **named)
        try:
            return plain(host, port, socket.AF_UNSPEC, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST)
        except (socket.gaierror, UnicodeError):
            raise socket.gaierror(f"no such name: {host}") from None

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return known, asked


@pytest.fixture
def watched():
    """Give the addresses that this process connects to."""
    CONNECTED.clear()
    WATCHING.set()
    yield CONNECTED
    WATCHING.clear()


@pytest.fixture
def receiver():
    """Listen on this machine as a receiver does; give what came in and what is to be answered."""
    came, answers = [], {"status": 204, "headers": {}}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.append((dict(self.headers.items()), body))
            self.send_response(answers["status"])
            for name, value in answers["headers"].items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server.server_port, came, answers
    server.shutdown()
    server.server_close()


def test_no_way_of_writing_an_inner_address_leads_to_a_connection(names, watched, receiver):
    port, came, _ = receiver
    assert len(set(ADDRESSES)) >= 40
    for address in ADDRESSES:
        answer = post(address.format(port=port), body=b"{}", headers={})
        assert answer in {"inside", "refused", "unreachable"}, (address, answer)
        assert watched == [], address
    assert came == []


def test_environment_proxies_do_not_lead_inside(names, watched, receiver, monkeypatch):
    port, came, _ = receiver
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
    assert post("http://inside.example/", body=b"{}", headers={}) == "inside"
    assert (watched, came) == ([], [])


def test_a_name_is_looked_up_once_and_the_address_looked_at_is_the_one_connected_to(
    names, watched, monkeypatch
):
    known, asked = names
    known["rebind.example"] = ["8.8.8.8", "127.0.0.1"]
    reached = []

    def refuse(self, address):
        reached.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert post("http://rebind.example:8080/", body=b"{}", headers={}) == "unreachable"
    assert asked.count("rebind.example") == 1
    assert reached == [("8.8.8.8", 8080)]


def test_a_redirect_is_told_not_followed(receiver, watched):
    port, came, answers = receiver
    answers |= {"status": 307, "headers": {"Location": f"http://127.0.0.1:{port}/inside"}}
    answer = post(f"http://127.0.0.1:{port}/", body=b"{}", headers={}, allow_loopback=True)
    assert (answer, len(came), len(watched)) == ("redirect:307", 1, 1)


@pytest.mark.parametrize(
    ("status", "said"), [(200, ""), (204, ""), (299, ""), (404, "http:404"), (500, "http:500")]
)
def test_an_answer_of_the_200s_is_a_delivery_and_nothing_else_is(receiver, status, said):
    port, _, answers = receiver
    answers["status"] = status
    assert post(f"http://127.0.0.1:{port}/", body=b"{}", headers={}, allow_loopback=True) == said


def test_a_closed_door_is_told(receiver):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert post(f"http://127.0.0.1:{port}/", body=b"{}", headers={}, allow_loopback=True) == "unreachable"


def test_a_receiver_that_keeps_silent_is_given_up_on(monkeypatch):
    monkeypatch.setattr("kaiyuan.apps.journal.outbox.posting.TIMES", (0.2, 0.2))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        assert post(address, body=b"{}", headers={}, allow_loopback=True) == "timeout"


@pytest.mark.parametrize(
    ("address", "outside"),
    [
        ("8.8.8.8", True),
        ("[2606:4700:4700::1111]", True),
        ("::ffff:8.8.8.8", True),
        ("::ffff:10.0.0.1", False),
        ("2002:808:808::1", False),
        ("fe80::1%eth0", False),
        ("100.127.255.255", False),
    ],
)
def test_only_what_is_globally_reachable_is_outside(address, outside):
    assert is_outside(address) is outside


def test_the_signature_is_the_one_that_the_standard_publishes():
    headers = signed_headers(
        secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        seconds=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_receiver_tells_ours_from_changed_old_and_foreign_ones():
    secret, body = new_secret(), '{"a":"中"}'.encode()
    headers = signed_headers(secret=secret, id="east-1", seconds=1_000, body=body)
    assert is_signed(headers, body, secret=secret, seconds=1_300)
    assert is_signed(
        headers | {"webhook-signature": "v1,xx " + headers["webhook-signature"]},
        body,
        secret=secret,
        seconds=1_000,
    )
    assert not is_signed(headers, body + b" ", secret=secret, seconds=1_000)
    assert not is_signed(headers, body, secret=secret, seconds=1_301)
    assert not is_signed(headers, body, secret=new_secret(), seconds=1_000)
    assert not is_signed(headers | {"webhook-id": "east-2"}, body, secret=secret, seconds=1_000)
    assert not is_signed(headers | {"webhook-timestamp": "1001"}, body, secret=secret, seconds=1_000)
    assert not is_signed({}, body, secret=secret, seconds=1_000)
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
