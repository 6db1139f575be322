"""Metrics for Prometheus, the same from whichever worker answers.

prometheus-client (Apache-2.0) keeps the counts of each process in a file of its own and
adds them up when they are read. Labels take few values: routes are templates such as
/v1/causes/<id>, never addresses, which would tell what somebody reads about.
"""

import os
from contextlib import suppress
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    values,
)
from prometheus_client.multiprocess import MultiProcessCollector

TRIES = 5
"""A file that its process is writing to at this moment may be read by half, seldom: of
prometheus-client's own errors each then is another. The next try reads it whole."""

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
"""Answers take milliseconds; what takes longer than 10 s is cut off."""


class Metrics:
    """What is counted, in this process or, given a folder, in all that share it."""

    media_type = "text/plain; version=0.0.4; charset=utf-8"

    def __init__(self, folder: Path | None = None):
        if folder is not None:
            folder.mkdir(exist_ok=True)
            _count_in(folder)
        self.folder = folder
        self.served: set[tuple[str, str]] = set()
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "nightcramp_requests_total",
            "Answers by route, method and status; `ready` are those kept ready.",
            ("route", "method", "status", "ready"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "nightcramp_request_duration_seconds",
            "From the whole request to the answer, of those that were not kept ready.",
            ("route",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.starts = self._counter("worker_starts", "Workers that were started.")
        self.lost_lines = self._counter(
            "log_lines_lost", "Lines of the log that could not be written."
        )
        self.reloads = Counter(
            "nightcramp_reloads_total",
            "Releases of the content that were taken over, or refused.",
            ("outcome",),
            registry=self.registry,
        )
        self.content = Gauge(
            "nightcramp_content_info",
            "1 for the release that is being served.",
            ("content_version", "ruleset_version"),
            multiprocess_mode="mostrecent",
            registry=self.registry,
        )

    def serves(self, content_version: str, ruleset_version: str) -> None:
        """Say which release this process serves from now on."""
        served = (content_version, ruleset_version)
        for other in self.served - {served}:
            self.content.labels(*other).set(0)
        self.content.labels(*served).set(1)
        self.served |= {served}

    def _counter(self, name: str, meaning: str) -> Counter:
        return Counter(f"nightcramp_{name}_total", meaning, registry=self.registry)

    def exposition(self) -> bytes:
        """Every metric in the text format of Prometheus."""
        if self.folder is None:
            return generate_latest(self.registry)
        for _ in range(TRIES - 1):
            with suppress(Exception):
                return _of_everyone(self.folder)
        return _of_everyone(self.folder)


def _of_everyone(folder: Path) -> bytes:
    everyone = CollectorRegistry()
    MultiProcessCollector(everyone, str(folder))
    return generate_latest(everyone)


def _count_in(folder: Path) -> None:
    """Make values that are kept in files, as prometheus-client wants it said."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    values.ValueClass = values.MultiProcessValue()
