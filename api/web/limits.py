"""Limits on what costs: evaluations and searches, for each client and minute.

Published content is never limited: an app that asks at 3 am gets its relief steps. An
answer that counts says so in the headers of the IETF draft (httpapi-ratelimit-headers),
one too many is a 429 that says how long to wait.
"""

import ipaddress
import logging
import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b, sha256

from flask import Flask, Response, g, request
from flask_limiter import Limiter, RequestLimit, RouteLimit

from api.domain.texts import Message
from api.web.counters import SCHEME

SECONDS = 60
"""The length of a window, which begins with the first request of a client in it."""

STRATEGY = "fixed-window"
"""`t` and Retry-After are then a promise: after them, all of the quota is there again.
A client may come to twice its limit around the turn of a window. That is well: the
limit guards a service, it does not sell one, and sliding windows can only estimate."""

TIMES_WITH_KEY = 10

UNLIMITED = "nightcramp.unlimited"
"""Stands in the environ of requests that the service makes of itself. No header gets
there: theirs are all called HTTP_…"""

BITS_OF_A_CLIENT = 64
"""Of an IPv6 address: whoever has one has all that begin with these."""

PORT = re.compile(r"^([\d.]+|\[.*\]):\d+$")
"""Behind an IPv4 address, or behind an IPv6 one in brackets."""


@dataclass(frozen=True, slots=True)
class Client:
    """Who is counted: an app with a key, or else an address."""

    identity: str
    times: int = 1
    key_not_known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many each client may have in a minute, by policy, and who has a key."""

    quotas: Mapping[str, int]
    names: Mapping[str, str] = field(default_factory=dict)
    """The names of apps by the fingerprints of their keys."""


def fingerprint(key: str) -> str:
    """What is kept of a key. It is random enough that a plain hash gives nothing away,
    and finding one in a table tells a caller nothing about the others by its time."""
    return sha256(key.encode()).hexdigest()


def register(app: Flask, limits: Limits, *, counters: str, shared: str = "") -> None:
    """Limit the views of `app` that say they are `limited`, and say so in answers.

    Requests are counted in `shared`, a Redis, while it is there; in `counters`, the
    address of a storage here, when it is not or there is none.
    """
    limiter = Limiter(
        lambda: _client(limits).identity,
        storage_uri=f"{SCHEME}://",
        storage_options={"local": counters, "shared": shared},
        strategy=STRATEGY,
        swallow_errors=True,  # what cannot be counted is let in
    )
    limiter.logger.setLevel(logging.WARNING)  # lesser messages name the client
    limiter.request_filter(lambda: UNLIMITED in request.environ)
    limiter.init_app(app)
    app.extensions["checks"]["rate-limit-storage"] = limiter.storage.check
    for endpoint, view in app.view_functions.items():
        if policy := getattr(view, "limited", None):
            limited = _limit(limiter, limits, policy)
            app.view_functions[endpoint] = limited(view)  # type: ignore[assignment]
    app.after_request(lambda response: _declare(response, limiter))


def _limit(limiter: Limiter, limits: Limits, policy: str) -> RouteLimit:
    def quota() -> str:
        return f"{limits.quotas[policy] * _client(limits).times} per minute"

    def refusal() -> Message:
        unknown = "-key-not-known" if _client(limits).key_not_known else ""
        breached = limiter.current_limit
        seconds = _seconds(breached) if breached else SECONDS
        return Message(f"too-many-requests{unknown}", seconds=seconds)

    return limiter.shared_limit(quota, scope=policy, error_message=refusal)


def _declare(response: Response, limiter: Limiter) -> Response:
    """Tell who was counted what is left, in the structured fields of the draft."""
    limit = limiter.current_limit
    if limit is None:
        return response
    policy, seconds = limit.request_args[-1], _seconds(limit)
    response.headers["RateLimit-Policy"] = (
        f'"{policy}";q={limit.limit.amount};w={SECONDS}'
    )
    response.headers["RateLimit"] = f'"{policy}";r={limit.remaining};t={seconds}'
    if limit.breached:
        response.headers["Retry-After"] = str(seconds)
    return response


def _seconds(limit: RequestLimit) -> int:
    """Until the window ends, whole and never none: who waits as long is let in."""
    left = math.ceil(limit.window.reset_time - time.time())
    return min(max(left, 1), SECONDS)


def _client(limits: Limits) -> Client:
    """Who sent the request at hand."""
    if "client" not in g:
        g.client = _identified(limits.names)
    return g.client


def _identified(names: Mapping[str, str]) -> Client:
    """A key that is not known counts as none: to an app whose key was changed while it
    slept, that is a lower limit at night, and no refusal."""
    sent = request.headers.get("X-API-Key", "")
    if sent and (name := names.get(fingerprint(sent))):
        return Client(_hidden(f"key {name}"), times=TIMES_WITH_KEY)
    network = network_of(request.remote_addr or "")
    return Client(_hidden(f"address {network}"), key_not_known=bool(sent))


def _hidden(identity: str) -> str:
    """A digest, so that no address stands in Redis, its snapshots or its slow log.

    It has no secret, since all replicas must come to the same one: whoever reads it can
    try out all IPv4 addresses. But he must want to, and within the minute that it is
    kept; nobody comes across an address by looking.
    """
    return blake2b(identity.encode(), digest_size=16).hexdigest()


def network_of(address: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 of an IPv6 one.

    A port that some proxies add is cut off, since it would make each connection another
    client. What is no address counts as it is.
    """
    bare = PORT.sub(r"\1", address).strip("[]")
    try:
        found = ipaddress.ip_address(bare)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(found), BITS_OF_A_CLIENT), strict=False))
