"""Serves the API: `python -m api.serve`. See `api.config` for the settings.

granian (BSD) was chosen by measurement: the fastest server of those tried.
"""

import gc
import multiprocessing
import resource
import signal
import sys
from functools import partial
from threading import Timer
from typing import Any

import structlog
from flask import Flask
from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.server.common import AbstractServer

from api.app import create_app
from api.config import Config, ConfigError, read_config
from api.domain.library import Library
from api.loader import ContentError, load_library
from api.reload import Reloader
from api.rsgi import Door
from api.run_folder import RunFolder, run_folder
from api.telemetry.logs import SERVER_LOG, Lines, log_to
from api.telemetry.metrics import Metrics
from api.telemetry.recorder import Recorder
from api.web.shared_counters import make_file
from api.worker import heed

SECONDS_TO_STOP = 10
"""For a worker to finish; one that is told to stop while it starts would never."""

SECONDS_TO_LEAVE = 1
"""Before a stop: clients are told to, each with the answer to its next request, and
balancers by /health/ready. A connection that is closed under a client loses a request
that may be on its way."""

SECONDS_FOR_HEAD = 15
"""For the head of a request, and so for a connection that asks nothing more."""

LONGEST_HEAD = 16 * 1024
"""Bytes that are read ahead of a head; what is much longer is cut off with 431."""

CONNECTIONS = 4096
"""At a time, in each worker; those after them wait to be let in."""

OTHER_FILES = 100
"""That a worker may have open beside its connections, each of which is a file too. A
server that may open no more does nothing but try to."""

log = structlog.get_logger()


def main() -> int:
    """Serve until stopped; 1, with every problem printed, when that is not possible."""
    try:
        config = read_config()
        with run_folder() as folder:
            _serve(config, folder)
    except (ConfigError, ContentError) as error:
        print(error, file=sys.stderr)
        print(f"not started: {len(error.problems)} problems", file=sys.stderr)
        return 1
    return 0


def _serve(config: Config, folder: RunFolder) -> None:
    metrics = Metrics(folder.metrics)
    lines = Lines(metrics.lost_lines.inc)
    log_to(lines)
    make_file(folder.counters)
    make_app = partial(_make_app, config, folder, metrics)
    load = partial(load_library, config.content, config.public_url)
    reloader = Reloader(load, make_app, folder, metrics)

    def start_worker() -> Door:
        """In a worker, which is a fork of this process as it is by then."""
        app, stamp = reloader.current
        door = Door(app, Recorder(metrics, lines, config.log))
        heed(folder, door, make_app, stamp)
        return door

    _prepare_to_fork()
    server = _server(config)
    server.on_startup(lambda: _heed_signals(server, reloader, folder))
    log.info("serving", url=config.public_url, docs=f"{config.public_url}/docs")
    server.serve(target_loader=start_worker, wrap_loader=False)  # type: ignore[arg-type]


def _heed_signals(
    server: AbstractServer, reloader: Reloader, folder: RunFolder
) -> None:
    """SIGHUP: a new release. SIGTERM: stop, in an orderly way. SIGINT: stop at once."""

    def stop(*signal: Any) -> None:
        if folder.stopping:
            server.signal_handler_interrupt()  # asked twice
        folder.stopping.hoist()
        timer = Timer(SECONDS_TO_LEAVE, server.signal_handler_interrupt)
        timer.daemon = True
        timer.start()

    reloader.start()
    signal.signal(signal.SIGHUP, reloader.ask)
    signal.signal(signal.SIGTERM, stop)


def _make_app(
    config: Config, folder: RunFolder, metrics: Metrics, library: Library
) -> Flask:
    app = create_app(library, config, metrics, f"shared://{folder.counters}")
    app.extensions["checks"]["content-release"] = lambda: not folder.refused
    app.extensions["stopping"] = folder.stopping
    return app


def _prepare_to_fork() -> None:
    """Workers are forks: they share what was loaded, and start at once."""
    multiprocessing.set_start_method("fork")
    gc.collect()
    gc.freeze()  # or each worker's collector would write to what they share
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # each connection is one


def _connections() -> int:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = most == resource.RLIM_INFINITY
    return CONNECTIONS if unlimited else max(1, min(CONNECTIONS, most - OTHER_FILES))


def _server(config: Config) -> AbstractServer:
    return Granian(
        "api.rsgi:Door",
        interface=Interfaces.RSGI,
        address=config.host,
        port=config.port,
        workers=config.workers,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=SECONDS_FOR_HEAD * 1000, max_buffer_size=LONGEST_HEAD
        ),
        backpressure=_connections(),
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_STOP,
        log_dictconfig=SERVER_LOG,
    )


if __name__ == "__main__":
    sys.exit(main())
