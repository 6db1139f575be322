"""A new release of the content, taken over while requests go on.

On SIGHUP the main process loads the content anew and makes an app of it. When that
fails, everything stays as it was. When it works, it hands what it has loaded to the
workers, each of which makes its own app of it and answers from that from then on: no
process ends, so no connection is closed and no request is lost. A worker that is
started later is a fork of the main process, and so has the new release too.
"""

import copyreg
import pickle
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from time import sleep
from types import MappingProxyType
from typing import Any

import structlog
from flask import Flask

from api.domain.library import Library
from api.loader import ContentError
from api.rsgi import Door
from api.telemetry.metrics import Metrics

SECONDS_BETWEEN_LOOKS = 0.2

MakeApp = Callable[[Library], Flask]

log = structlog.get_logger()


def _proxy(mapping: dict) -> MappingProxyType:
    return MappingProxyType(mapping)


copyreg.pickle(MappingProxyType, lambda proxy: (_proxy, (dict(proxy),)))


class Handover:
    """The file by which a library gets from the main process to the workers.

    It is a pickle, and so as trusted as code: `folder` must be the service's alone.
    """

    def __init__(self, folder: Path):
        self.file = folder / "release.pickle"
        self.refusal = folder / "refused"

    def give(self, library: Library) -> None:
        """Put `library` where the workers look, whole or not at all."""
        part = self.file.with_suffix(".part")
        part.write_bytes(pickle.dumps(library))
        part.replace(self.file)

    def take(self) -> Library:
        return pickle.loads(self.file.read_bytes())

    def stamp(self) -> int:
        """Another one for each library; 0 while none was given."""
        try:
            return self.file.stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    def refused(self) -> bool:
        """Was the newest release refused, so that an older one is still served?"""
        return self.refusal.exists()


class Reloader:
    """In the main process: loads releases, and hands over those that are whole."""

    def __init__(
        self,
        app: Flask,
        load: Callable[[], Library],
        make_app: MakeApp,
        handover: Handover,
        metrics: Metrics,
    ):
        self.app = app
        self.load = load
        self.make_app = make_app
        self.handover = handover
        self.metrics = metrics
        self.asked: SimpleQueue[None] = SimpleQueue()

    def ask(self, *signal: Any) -> None:
        """Reload soon; may be called by a signal handler, at any moment."""
        self.asked.put(None)

    def start(self) -> None:
        Thread(target=self._work, name="reloader", daemon=True).start()

    def _work(self) -> None:
        while True:
            self.asked.get()
            self.reload()

    def reload(self) -> None:
        """Load the content and hand it over, or say why it is refused."""
        try:
            library = self.load()
            self.app = self.make_app(library)
            self.handover.give(library)
        except ContentError as error:
            self._refuse([str(problem) for problem in error.problems])
        except Exception as error:
            # Whatever is wrong with a release, the one at hand goes on.
            self._refuse([f"{type(error).__name__}: {error}"])
        else:
            self.handover.refusal.unlink(missing_ok=True)
            self.metrics.reloads.labels("taken over").inc()

    def _refuse(self, problems: list[str]) -> None:
        self.handover.refusal.touch()
        self.metrics.reloads.labels("refused").inc()
        log.error("release refused", problems=problems)


def follow(handover: Handover, door: Door, make_app: MakeApp, stamp: int) -> None:
    """In a worker: serve each library that is handed over after the one of `stamp`."""

    def work() -> None:
        seen = stamp
        while True:
            sleep(SECONDS_BETWEEN_LOOKS)
            if (found := handover.stamp()) != seen:
                seen = found
                door.serve(make_app(handover.take()))

    Thread(target=work, name="follower", daemon=True).start()
