"""Requests as bytes, for what no client library would send."""

import re
import socket
import time

STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")
SECONDS = 20
"""To wait for an end: more than the service waits for any client that says nothing."""


def exchange(
    port: int, sent: bytes, seconds: float = SECONDS, *, hang_up: bool = False
) -> bytes:
    """Everything that comes back until the connection ends, which it must in time.

    Who hangs up says that nothing more will be sent, and still listens.
    """
    deadline = time.monotonic() + seconds
    answered = b""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        try:
            connection.sendall(sent)
            if hang_up:
                connection.shutdown(socket.SHUT_WR)
            while chunk := connection.recv(65536):
                answered += chunk
                connection.settimeout(max(0.01, deadline - time.monotonic()))
        except (ConnectionResetError, BrokenPipeError):
            pass  # a connection that is closed before all was sent ends like that
    return answered


def statuses(answered: bytes) -> list[int]:
    """The statuses of one answer, or of several in a row."""
    return [int(status) for status in STATUS.findall(answered)]


def is_problem(answered: bytes) -> bool:
    """Whether our own code has answered, and not the server with an empty body."""
    head, _, body = answered.partition(b"\r\n\r\n")
    return b"content-type: application/problem+json" in head.lower() and bool(body)
