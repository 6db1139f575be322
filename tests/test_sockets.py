"""Answers are timed by the sockets that listen, whoever made those."""

import resource
import socket

import pytest

from api import serve
from api.serve import CONNECTIONS, OTHER_FILES
from api.sockets import SECONDS_TO_READ, cut_off_who_does_not_read


def milliseconds(of: socket.socket) -> int:
    return of.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)


def test_connections_from_then_on_end_when_nothing_is_read():
    before = cut_off_who_does_not_read()  # of this process, those of other tests
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        socket.socket() as other,
        socket.socket(socket.AF_UNIX) as local,
    ):
        assert cut_off_who_does_not_read() == before + 1
        with socket.create_connection(listening.getsockname()) as client:
            let_in, _ = listening.accept()
            with let_in:
                assert milliseconds(let_in) == SECONDS_TO_READ * 1000
            assert milliseconds(client) == 0
        assert milliseconds(other) == 0
        assert local.fileno() > 0


@pytest.mark.parametrize(
    ("most", "connections"),
    [
        (resource.RLIM_INFINITY, CONNECTIONS),
        (1 << 20, CONNECTIONS),
        (1024, 1024 - OTHER_FILES),
        (256, 256 - OTHER_FILES),
        (64, 1),
    ],
)
def test_there_are_no_more_connections_than_files(monkeypatch, most, connections):
    monkeypatch.setattr(serve.resource, "getrlimit", lambda kind: (most, most))
    assert serve._connections() == connections
