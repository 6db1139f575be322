"""Lines are written whole or lost, and nobody waits for who should read them."""

import fcntl
import os
import socket
import threading
import time
from contextlib import ExitStack

import pytest

from api.telemetry.logs import AT_ONCE, PATIENCE, Lines

SECONDS = 5
"""In which a write must be over that waits for nobody."""


@pytest.fixture
def lost():
    return []


@pytest.fixture
def pipe():
    """A file to read and one to write; neither waits."""
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    with ExitStack() as stack:
        stack.callback(os.close, reader)
        stack.callback(os.close, writer)
        yield reader, writer


@pytest.fixture
def lines(pipe, lost):
    made = Lines(lost.append, pipe[1])
    yield made
    os.close(made.file)


def fill(pipe, room: int) -> None:
    """Leave `room` bytes of the pipe, which is as if its reader slept."""
    os.write(pipe[1], b"\n" * (fcntl.fcntl(pipe[1], fcntl.F_GETPIPE_SZ) - room))


def written(pipe) -> list[bytes]:
    return os.read(pipe[0], 1 << 20).split(b"\n")


def in_time(work, *arguments) -> None:
    thread = threading.Thread(target=work, args=arguments, daemon=True)
    thread.start()
    thread.join(SECONDS)
    assert not thread.is_alive()


def test_lines_are_written(lines, pipe, lost):
    lines.write(b"one", b"two")
    lines.write(b"three")
    assert written(pipe) == [b"one", b"two", b"three", b""]
    assert lost == []


def test_a_reader_that_sleeps_is_waited_for_once(lines, pipe, lost):
    fill(pipe, 0)
    began = time.monotonic()
    for _ in range(20):
        lines.write(b"one", b"two")
    assert PATIENCE <= time.monotonic() - began < 2 * PATIENCE
    assert lost == [2] * 20


def test_a_reader_that_wakes_gets_whole_lines(lines, pipe, lost):
    fill(pipe, 0)
    lines.write(b"lost")
    written(pipe)
    lines.write(b"one")
    lines.write(b"two")
    assert written(pipe) == [b"", b"one", b"two", b""]
    assert lost == [1]


def test_a_line_longer_than_what_a_pipe_takes_at_once_makes_nobody_wait(
    lines, pipe, lost
):
    """There is room, but for a part of it: once this waited for the reader."""
    fill(pipe, AT_ONCE)
    in_time(lines.write, b"x" * (AT_ONCE + 1000))
    assert lost == [1]
    written(pipe)
    lines.write(b"after a part of a line")
    assert written(pipe) == [b"", b"after a part of a line", b""]


def test_workers_that_fill_a_pipe_together_make_nobody_wait(lines, pipe, lost):
    """Each of them sees the room that only one can have."""
    others = [Lines(lost.append, pipe[1]) for _ in range(8)]
    fill(pipe, AT_ONCE)

    def write_all():
        threads = [
            threading.Thread(target=other.write, args=(b"x" * (AT_ONCE - 1),))
            for other in others
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    in_time(write_all)
    for other in others:
        os.close(other.file)
    assert lost == [1] * 7


def test_a_pipe_stays_as_it_was_for_others(lines, pipe):
    assert os.get_blocking(pipe[1])
    assert not os.get_blocking(lines.file)


def test_a_reader_that_has_gone_loses_lines(lost):
    reader, writer = os.pipe()
    lines = Lines(lost.append, writer)
    os.close(reader)
    lines.write(b"one", b"two")
    lines.write(b"three")
    os.close(lines.file)
    os.close(writer)
    assert lost == [2, 1]


def test_a_full_disk_loses_lines(lost):
    full = os.open("/dev/full", os.O_WRONLY)
    lines = Lines(lost.append, full)
    lines.write(b"one", b"two")
    os.close(lines.file)
    os.close(full)
    assert lost == [2]


def test_a_socket_whose_reader_sleeps_makes_nobody_wait(lost):
    """systemd gives a service a socket of the journal."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        lines = Lines(lost.append, ours.fileno())
        for _ in range(200):
            in_time(lines.write, b"x" * 10_000)
        assert 100 < len(lost) < 200


def test_a_file_is_written_where_it_ends(tmp_path, lost):
    """Where others write too: what was printed before and is printed after stays."""
    path = tmp_path / "log"
    with path.open("wb", buffering=0) as file:
        file.write(b"before\n")
        lines = Lines(lost.append, file.fileno())
        lines.write(b"one")
        file.write(b"after\n")
        lines.write(b"two")
    assert path.read_bytes() == b"before\none\nafter\ntwo\n"
