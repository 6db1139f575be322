"""Logs: one JSON object in a line, to standard output.

They never hold an address of a client, a body, a query or the id of an item: what
somebody reads at 3 am can tell an ailment. A log that cannot be written, on a full disk
or to a reader that sleeps, never stops an answer; the lines that are lost are counted.

structlog (MIT or Apache-2.0) makes the lines, of our own events and of what the
libraries say by the logging of the standard library.
"""

import logging
import os
from collections.abc import Callable
from select import select
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
        self.file = file
        self.patience = PATIENCE
        self.torn = False

    def write(self, *lines: bytes) -> None:
        """Write lines, or lose them: never fail, and never wait for long."""
        try:
            whole = self._send(b"".join(line + b"\n" for line in lines))
        except OSError:
            whole = False
        if not whole:
            self.lost(len(lines))

    info = warning = error = critical = write

    def _send(self, data: bytes) -> bool:
        """Whether all of `data` was taken; after a part of a line a new one begins."""
        _, writable, _ = select([], [self.file], [], self.patience)
        self.patience = PATIENCE if writable else 0
        if not writable:
            return False
        start = b"\n" if self.torn else b""
        missing = len(start + data) - os.write(self.file, start + data)
        self.torn = missing > 0
        return missing == 0

    def emit(self, record: logging.LogRecord) -> None:
        self.write(self.format(record).encode())


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
