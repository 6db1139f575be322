"""A new release of the content, taken over while requests go on.

On SIGHUP the main process loads the content anew and makes an app of it. When that
fails, everything stays as it was. When it works, it hands what it has loaded to the
workers, each of which makes its own app of it and answers from that from then on: no
process ends, so no connection is closed and no request is lost. A worker that is
started later is a fork of the main process, and so has the new release too.
"""

from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any

import structlog
from flask import Flask

from api.domain.library import Library
from api.loader import ContentError
from api.run_folder import RunFolder
from api.telemetry.metrics import Metrics

MakeApp = Callable[[Library], Flask]

log = structlog.get_logger()


class Reloader:
    """In the main process: loads releases, and hands over those that are whole.

    `current` is an app and the stamp of its library, always of the same one: a worker
    that is forked at any moment knows by it what it has, and so what is new to it.
    """

    def __init__(
        self,
        load: Callable[[], Library],
        make_app: MakeApp,
        folder: RunFolder,
        metrics: Metrics,
    ):
        self.load = load
        self.make_app = make_app
        self.folder = folder
        self.metrics = metrics
        self.current = make_app(load()), folder.stamp()
        self.asked: SimpleQueue[None] = SimpleQueue()

    def ask(self, *signal: Any) -> None:
        """Reload soon; may be called by a signal handler, at any moment."""
        self.asked.put(None)

    def start(self) -> None:
        """Wait for what is asked, in a thread."""
        Thread(target=self._work, name="reloader", daemon=True).start()

    def _work(self) -> None:
        while True:
            self.asked.get()
            self.reload()

    def reload(self) -> None:
        """Load the content and hand it over, or say why it is refused."""
        try:
            library = self.load()
            app = self.make_app(library)
            self.folder.give(library)
            self.current = app, self.folder.stamp()
        except ContentError as error:
            self._refuse([str(problem) for problem in error.problems])
        except Exception as error:
            # Whatever else is wrong with a release, the one at hand goes on.
            self._refuse([f"{type(error).__name__}: {error}"])
        else:
            self.folder.refused.lower()
            self.metrics.reloads.labels("handed over").inc()
            log.info("release handed over", content_version=library.release.version)

    def _refuse(self, problems: list[str]) -> None:
        self.folder.refused.hoist()
        self.metrics.reloads.labels("refused").inc()
        log.error("release refused", problems=problems)
