"""Serves the API: `python -m api.serve`. See `api.config` for the settings.

granian (BSD) was chosen by measurement: the fastest WSGI server of those tried.
"""

import sys

from granian import Granian
from granian.constants import Interfaces

from api.app import CONTENT
from api.config import ConfigError, read_config
from api.loader import ContentError, load_library

THREADS = 4
"""Per worker: measured faster than 1 and 2, and bounded under a burst."""

SECONDS_TO_STOP = 10
"""For a worker to finish; one that is told to stop while it starts would never."""


def main() -> int:
    """Serve until stopped; 1, with every problem printed, when that is not possible."""
    try:
        config = read_config()
        # The workers load it again; this is so that a broken set stops the start.
        load_library(CONTENT, config.public_url)
    except (ConfigError, ContentError) as error:
        print(error, file=sys.stderr)
        print(f"not started: {len(error.problems)} problems", file=sys.stderr)
        return 1
    print(f"Nightcramp on {config.public_url} (docs at /docs)", flush=True)
    Granian(
        "api.app:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=config.host,
        port=config.port,
        workers=config.workers,
        blocking_threads=THREADS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_STOP,
    ).serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
