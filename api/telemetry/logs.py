"""Logs: one JSON object in a line, to standard output.

They never hold an address of a client, a body, a query or the id of an item: what
somebody reads at 3 am can tell an ailment. A log that cannot be written, on a full disk
or to a reader that sleeps, never stops an answer; the lines that are lost are counted.

structlog (MIT or Apache-2.0) makes the lines, of our own events and of what the
libraries say by the logging of the standard library.
"""

import logging
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from select import select
from socket import MSG_DONTWAIT, socket
from typing import Any

import orjson
import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

SERVER_LOG: dict[str, Any] = {
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {}},
}
"""What the server is told of logging: nothing of its own, so that it logs as we do."""

AT_ONCE = 4096
"""Bytes that go to a pipe in one piece: lines of several workers must not mix."""

PATIENCE = 0.2
"""Seconds for who reads the log to make room, once; after that, until there is some."""

COMMON: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", key="time"),
]


class Lines(logging.Handler):
    """Standard output, as a logger of structlog and as a handler of logging.

    `lost` is told how many lines could not be written.
    """

    def __init__(self, lost: Callable[[int], None], file: int = 1):
        super().__init__()
        self.lost = lost
        self.file, self.take = _taker(file)
        self.patience = PATIENCE
        self.torn = False

    def write(self, *lines: bytes) -> None:
        """Write lines, or lose them: never fail, and never wait for long.

        After a loss a new line begins: a part of one may stand there, ours or another
        worker's, which met the same disk.
        """
        start = b"\n" if self.torn else b""
        try:
            self.torn = not self._send(start + b"".join(line + b"\n" for line in lines))
        except OSError:
            self.torn = True
        if self.torn:
            self.lost(len(lines))

    info = warning = error = critical = write

    def _send(self, data: bytes) -> bool:
        """Whether all of `data` was taken."""
        _, writable, _ = select([], [self.file], [], self.patience)
        self.patience = PATIENCE if writable else 0
        return bool(writable) and self.take(data) == len(data)

    def emit(self, record: logging.LogRecord) -> None:
        self.write(self.format(record).encode())


def _taker(file: int) -> tuple[int, Callable[[bytes], int]]:
    """Where to write, and what writes there and never waits: it takes what it can.

    That there is room does not say for how much, nor for whom: other workers write too.
    A pipe or a terminal is opened anew for that, as not to wait is a state that the
    others who write there would share. A file on a disk makes nobody wait for a reader.
    """
    mode = os.fstat(file).st_mode
    if stat.S_ISSOCK(mode):
        return file, lambda data: _send(file, data)
    if not stat.S_ISREG(mode):
        flags = os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY
        with suppress(OSError):  # of another user, or no /proc: then as it is
            file = os.open(f"/proc/self/fd/{file}", flags)
    return file, lambda data: os.write(file, data)


def _send(file: int, data: bytes) -> int:
    """Write to a socket, such as that of a journal, what it takes now."""
    borrowed = socket(fileno=file)
    try:
        return borrowed.send(data, MSG_DONTWAIT)
    finally:
        borrowed.detach()


def log_to(lines: Lines) -> None:
    """Log to `lines` what this process says, and what libraries say in it."""
    structlog.configure(
        processors=[*COMMON, _render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: lines,
    )
    lines.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[*COMMON, structlog.stdlib.add_logger_name],
            processors=[ProcessorFormatter.remove_processors_meta, _render_text],
        )
    )
    logging.basicConfig(handlers=[lines], level=logging.INFO, force=True)


def _render(logger: Any, name: str, event: Any) -> bytes:
    return orjson.dumps(event, default=str)


def _render_text(logger: Any, name: str, event: Any) -> str:
    return _render(logger, name, event).decode()
