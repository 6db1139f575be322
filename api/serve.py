"""Serves the API: `python -m api.serve`. See `api.config` for the settings.

granian (BSD) was chosen by measurement: the fastest WSGI server of those tried.
"""

import gc
import multiprocessing
import sys

from granian import Granian
from granian.constants import Interfaces

from api.app import create_app
from api.config import ConfigError, read_config
from api.loader import ContentError

THREADS = 4
"""Per worker: measured faster than 1 and 2, and bounded under a burst."""

SECONDS_TO_STOP = 10
"""For a worker to finish; one that is told to stop while it starts would never."""


def main() -> int:
    """Serve until stopped; 1, with every problem printed, when that is not possible."""
    try:
        config = read_config()
        app = create_app(config=config)
    except (ConfigError, ContentError) as error:
        print(error, file=sys.stderr)
        print(f"not started: {len(error.problems)} problems", file=sys.stderr)
        return 1
    print(f"Nightcramp on {config.public_url} (docs at /docs)", flush=True)
    # Workers are forks: they share the memory of what was loaded, and start at once.
    multiprocessing.set_start_method("fork")
    gc.collect()
    gc.freeze()  # or each worker's collector would write to what they share
    Granian(
        "api.app:create_app",
        interface=Interfaces.WSGI,
        address=config.host,
        port=config.port,
        workers=config.workers,
        blocking_threads=THREADS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_STOP,
    ).serve(target_loader=lambda: app, wrap_loader=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
