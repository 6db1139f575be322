"""Starts a real Redis that keeps nothing, and ends it by its process id."""

import shutil
import socket
import subprocess

import pytest

from tests.servers import free_port, wait_for

SECONDS_TO_START = 10


class Redis:
    """A server on a port that it comes back to."""

    def __init__(self) -> None:
        self.port = free_port()
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        program = shutil.which("redis-server")
        if program is None:
            pytest.fail("Redis is not there. On Debian: apt-get install redis-server")
        self.process = subprocess.Popen(
            [
                *(program, "--port", str(self.port), "--bind", "127.0.0.1"),
                *("--save", "", "--appendonly", "no", "--loglevel", "warning"),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        wait_for(self.process, self._connect, SECONDS_TO_START)

    def _connect(self) -> None:
        socket.create_connection(("127.0.0.1", self.port), timeout=1).close()

    def signal(self, number: int) -> None:
        assert self.process
        self.process.send_signal(number)

    def end(self, number: int) -> None:
        self.signal(number)
        assert self.process
        self.process.communicate(timeout=10)
        self.process = None
