"""A proxy in front of the real service that tells one lie."""

import http.client
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from tests.servers import serving

OWN = {"connection", "content-length", "date", "server", "transfer-encoding"}
"""Headers that a proxy sends of its own."""

ENCODING = "accept-encoding"


@dataclass(frozen=True)
class Answer:
    """What the service said to a request."""

    method: str
    path: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def without(self, name: str) -> "Answer":
        kept = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return replace(self, headers=kept)

    def saying(self, name: str, value: str) -> "Answer":
        answer = self.without(name)
        return replace(answer, headers=(*answer.headers, (name, value)))


Lie = Callable[[Answer], Answer]


def truth(answer: Answer) -> Answer:
    return answer


class Server(ThreadingHTTPServer):
    """Remembers what went wrong, but for clients that went away."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.failures: list[BaseException | None] = []

    def handle_error(self, request, client_address):
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError):
            self.failures.append(error)


@contextmanager
def proxy(base: str, lie: Lie = truth, prefix: str = "") -> Iterator[str]:
    """The address of a proxy to `base`; under `prefix`, which `base` does not see."""
    target = urlsplit(base).netloc

    class Proxy(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            said = lie(self.ask(self.path.removeprefix(prefix)))
            self.send_response(said.status)
            for name, value in said.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(said.body)

        def ask(self, path: str) -> Answer:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {k: v for k, v in self.headers.items() if k.lower() != ENCODING}
            # Whoever changes a body has to read it.
            headers[ENCODING] = "identity"
            connection = http.client.HTTPConnection(target, timeout=30)
            connection.request(self.command, path, body or None, headers)
            said = connection.getresponse()
            kept = [pair for pair in said.getheaders() if pair[0].lower() not in OWN]
            whole = said.read()
            connection.close()
            return Answer(self.command, path, said.status, tuple(kept), whole)

        do_GET = do_HEAD = do_POST = do_DELETE = do_OPTIONS = answer

        def log_message(self, format, *arguments):
            pass

    server = Server(("127.0.0.1", 0), Proxy)
    with serving(server) as address:
        yield f"{address}{prefix}"
    assert server.failures == [], "a lie that cannot be told is no lie"
