"""What the server does not let us say of its sockets: how long they wait for a client.

It times the head of a request, and we its body; nothing timed the answer, and who asked
for a lot and read nothing kept a connection, and what was to go into it, for ever.
"""

import socket
from contextlib import suppress
from pathlib import Path

FILES = Path("/proc/self/fd")

SECONDS_TO_READ = 30
"""Without taking anything; a slow line takes something all the time."""


def cut_off_who_does_not_read() -> int:
    """Time the answers of connections from now on: how many sockets listen for them.

    A connection has the options of the socket that it was let in by. That one belongs
    to the server, so it is looked up among the files of this process.
    """
    found = 0
    for file in FILES.iterdir() if FILES.is_dir() else ():
        with suppress(OSError):  # most are no sockets
            own = socket.socket(fileno=int(file.name))
            try:
                found += _time(own)
            finally:
                own.detach()  # leave it open
    return found


def _time(own: socket.socket) -> bool:
    if not own.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        return False
    milliseconds = SECONDS_TO_READ * 1000
    own.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
    return True
