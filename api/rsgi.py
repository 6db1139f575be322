"""The door to the network: what granian calls for each request, by RSGI.

Not by WSGI, where a body is read by the thread that answers it: eight clients that each
sent half a body stopped the whole service, and nothing timed them out. Here a loop
waits for bodies, of as many connections as there are, SECONDS_FOR_BODY for each. What
is kept ready is answered in the loop; the rest is work for Flask, in a few threads.
When more waits for them than they can do in time, the answer is 503, not a long queue.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from time import perf_counter, time

import structlog
from flask import Flask
from granian.rsgi import Headers, HTTPProtocol, Scope
from structlog.contextvars import bound_contextvars

from api.edition import Edition, Header, Kept
from api.sockets import cut_off_who_does_not_read
from api.telemetry.identity import Identity, identify
from api.telemetry.recorder import UNMATCHED, Record, Recorder
from api.web.bodies import LARGEST_BODY, READ_AT_MOST
from api.web.errors import failure
from api.web.refusals import Refusals
from api.web.route import ROUTE
from api.web.wsgi import Answer, Environ, ask, make_environ

THREADS = 4
"""For Flask, in each worker: more would only take turns."""

MOST_WAITING = 200
"""Requests for Flask at a time, in each worker: some tenths of a second of work."""

SECONDS_FOR_BODY = 10
"""For all of a body, however it trickles in. It has 64 KiB at most."""

TOO_MUCH = bytes(READ_AT_MOST)
"""In place of a body that says that it is too long, and is not read."""

SERVER = ("server", "nightcramp")
"""In place of the server's own name, which it adds where there is none."""

LAST = ("connection", "close")

log = structlog.get_logger()


class Door:
    """Answers requests from an app; `serve` changes the app while requests go on.

    Once it is `closing`, each answer is the last one of its connection.
    """

    def __init__(self, app: Flask, recorder: Recorder):
        self.recorder = recorder
        self.waiting = 0
        self.closing = False
        self.second = 0
        self.serve(app)

    def serve(self, app: Flask) -> None:
        """Answer from `app` from now on; what has begun, from the old one."""
        self.app = app
        self.edition: Edition | None = app.extensions["edition"]
        library = app.extensions["library"]
        self.refusals = Refusals(app.wsgi_app, library.languages)
        release = library.release
        self.recorder.metrics.serves(release.version, release.ruleset_version)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Make what would not survive the fork of a worker."""
        self.loop = loop
        self.threads = ThreadPoolExecutor(THREADS, "flask")
        loop.call_soon(cut_off_who_does_not_read)
        self.recorder.start()

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.threads.shutdown()
        self.recorder.stop()

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        began, now = perf_counter(), time()
        header = _joined(scope.headers)
        identity = identify(header)
        if at_hand := self._at_hand(scope, header):
            kept, answer = at_hand
            route, seconds = kept.route, None
        else:
            answer, route = await self._worked_out(scope, protocol, identity)
            seconds = perf_counter() - began
        status, headers, body = answer
        named = [*headers, self._date(now), SERVER, ("x-request-id", identity.request)]
        if self.closing:
            named.append(LAST)
        protocol.response_bytes(status, named, body)
        if at_hand and status < self.recorder.lowest:
            self.recorder.count(route, scope.method, status)
            return
        self.recorder.put(
            Record(now, identity, scope.method, route, status, len(body), seconds)
        )

    def _date(self, now: float) -> tuple[str, str]:
        """Date, a header; the server's own would wait for a clock that was set back."""
        if int(now) != self.second:
            self.second = int(now)
            self.date = ("date", formatdate(now, usegmt=True))
        return self.date

    def _at_hand(self, scope: Scope, header: Header) -> tuple[Kept, Answer] | None:
        if self.edition is None:
            return None
        return self.edition.at_hand(
            scope.method, scope.path, scope.query_string, header
        )

    async def _worked_out(
        self, scope: Scope, protocol: HTTPProtocol, identity: Identity
    ) -> tuple[Answer, str]:
        """The answer of Flask, and the route that it came by; or a refusal."""
        try:
            body = await _body(scope.headers, protocol)
        except TimeoutError:
            return self._refuse(scope, "slow")
        except EOFError:
            return self._refuse(scope, "torn")
        if self.waiting >= MOST_WAITING:  # now: of bodies that were held back, many
            return self._refuse(scope, "busy")  # may have come at the same time
        try:
            return await self._by_flask(_environ(scope, body), identity)
        except Exception as error:
            # Flask answers what fails in it; this failed around it.
            log.error("failed", request_id=identity.request, **failure(error))
            return self._refuse(scope, "broken")

    async def _by_flask(
        self, environ: Environ, identity: Identity
    ) -> tuple[Answer, str]:
        self.waiting += 1
        try:
            answer = await self.loop.run_in_executor(
                self.threads, _ask, self.app, environ, identity
            )
        finally:
            self.waiting -= 1
        return answer, environ.get(ROUTE) or UNMATCHED

    def _refuse(self, scope: Scope, reason: str) -> tuple[Answer, str]:
        accepted = scope.headers.get("accept-language", "")
        return self.refusals.answer(reason, scope.path, accepted), UNMATCHED


def _ask(app: Flask, environ: Environ, identity: Identity) -> Answer:
    """In a thread. What is logged meanwhile has the id of the request."""
    with bound_contextvars(request_id=identity.request):
        return ask(app.wsgi_app, environ)


def _environ(scope: Scope, body: bytes) -> Environ:
    """The request for WSGI."""
    environ = make_environ(scope.method, scope.path, scope.query_string, body)
    host, _, port = scope.server.rpartition(":")
    peer = scope.client.rpartition(":")[0].strip("[]")
    named = {"SERVER_NAME": host, "SERVER_PORT": port, "REMOTE_ADDR": peer}
    return environ | _headers(scope.headers, len(body)) | named


async def _body(headers: Headers, protocol: HTTPProtocol) -> bytes:
    """As much of the body as is wanted to see that it is too long.

    EOFError when less came than was declared: the server says no more than that it
    ended, and the half of an evaluation must not be taken for a whole one.
    """
    declared = headers.get("content-length")
    if declared is not None and int(declared) > LARGEST_BODY:  # hyper has read it too
        return TOO_MUCH
    body = bytearray()
    if "content-length" in headers or "transfer-encoding" in headers:
        async with asyncio.timeout(SECONDS_FOR_BODY):
            async for chunk in protocol:
                body += chunk
                if len(body) >= READ_AT_MOST:
                    break
    if declared is not None and len(body) < int(declared):
        raise EOFError
    return bytes(body[:READ_AT_MOST])


def _headers(headers: Headers, length: int) -> Environ:
    """The headers for WSGI; those of one name as one.

    A name with an underscore would become that of another header, and is left out.
    """
    found: dict[str, str] = {}
    for name, value in headers.items():
        if "_" not in name:
            key = f"HTTP_{name.upper().replace('-', '_')}"
            found[key] = f"{found[key]},{value}" if key in found else value
    found.pop("HTTP_CONTENT_LENGTH", None)
    found.pop("HTTP_TRANSFER_ENCODING", None)
    found.pop("HTTP_UPGRADE", None)  # an offer, which a server may ignore
    found["CONTENT_LENGTH"] = str(length)
    found["CONTENT_TYPE"] = found.pop("HTTP_CONTENT_TYPE", "")
    return found


def _joined(headers: Headers) -> Header:
    """A look-up of headers that joins those of one name."""
    get_all = headers.get_all  # type: ignore[attr-defined]

    def header(name: str) -> str | None:
        values = get_all(name)
        return (
            None if not values else values[0] if len(values) == 1 else ",".join(values)
        )

    return header
