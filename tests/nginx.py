"""Starts a real nginx over a folder, and ends it by its process id."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers import stop, wait_for

SECONDS_TO_START = 10
SECONDS_TO_STOP = 10

PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
"""Debian puts nginx where only root looks for commands."""


@contextmanager
def running(folder: Path, port: int, configuration: str = "nginx.conf") -> Iterator:
    """nginx with `folder` as its prefix, once it listens on `port`."""
    server = start(folder, configuration)
    try:
        wait_until_listening(server, port)
        yield server
    finally:
        stop(server, SECONDS_TO_STOP)


def start(folder: Path, configuration: str) -> subprocess.Popen:
    program = shutil.which("nginx", path=PATH)
    if program is None:
        pytest.fail("nginx is not there. On Debian, as root: apt-get install nginx")
    # As root, workers would become another user, who cannot read temporary folders.
    keep_user = " user root;" if os.geteuid() == 0 else ""
    return subprocess.Popen(
        [
            *(program, "-p", str(folder), "-c", configuration, "-e", "stderr"),
            *("-g", f"daemon off;{keep_user}"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def wait_until_listening(
    server: subprocess.Popen, port: int, seconds: float = SECONDS_TO_START
) -> None:
    def connect() -> None:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()

    wait_for(server, connect, seconds)
