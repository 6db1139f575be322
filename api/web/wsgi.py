"""Asking a WSGI app, as a server does: an environ in, a whole answer out."""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]
Answer = tuple[int, list[tuple[str, str]], bytes]
"""Status, headers and body."""


def make_environ(method: str, path: str, query: str, body: bytes = b"") -> Environ:
    """A request as WSGI wants it: the bytes of path and query, read as Latin-1."""
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query.encode().decode("latin-1"),
        "SERVER_NAME": "nightcramp",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def ask(app: Wsgi, environ: Environ) -> Answer:
    """What `app` answers."""
    answered: list[Any] = []

    def start_response(status: str, headers: list, exc_info: Any = None) -> None:
        answered[:] = [int(status[:3]), list(headers)]

    chunks = app(environ, start_response)
    try:
        return answered[0], answered[1], b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
