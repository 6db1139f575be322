"""A worker: the door, and a thread that heeds what the main process wants of it."""

from threading import Thread
from time import sleep

import structlog

from api.reload import MakeApp
from api.rsgi import Door
from api.run_folder import RunFolder

SECONDS_BETWEEN_LOOKS = 0.1

log = structlog.get_logger()


def heed(folder: RunFolder, door: Door, make_app: MakeApp) -> None:
    """Take over each library from now on; tell the door when it is time to close."""
    seen = folder.stamp()

    def work() -> None:
        nonlocal seen
        while not folder.stopping:
            sleep(SECONDS_BETWEEN_LOOKS)
            if (stamp := folder.stamp()) != seen:
                seen = stamp
                library = folder.take()
                door.serve(make_app(library))
                log.info("release taken over", content_version=library.release.version)
        door.closing = True

    Thread(target=work, name="heeder", daemon=True).start()
