"""A worker: the door, and a thread that heeds what the main process wants of it."""

from threading import Thread
from time import sleep

import structlog

from api.reload import MakeApp
from api.rsgi import Door
from api.run_folder import RunFolder

SECONDS_BETWEEN_LOOKS = 0.1

log = structlog.get_logger()


def heed(folder: RunFolder, door: Door, make_app: MakeApp, stamp: int) -> None:
    """Take over each library but that of `stamp`; tell the door when to close."""

    def work() -> None:
        seen = stamp
        while not folder.stopping:
            sleep(SECONDS_BETWEEN_LOOKS)
            if (found := folder.stamp()) != seen:
                seen = found
                library = folder.take()
                door.serve(make_app(library))
                log.info("release taken over", content_version=library.release.version)
        door.closing = True

    Thread(target=work, name="heeder", daemon=True).start()
