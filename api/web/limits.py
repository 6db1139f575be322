"""Limits on what costs: evaluations and searches, for each client and minute.

Published content is never limited: an app that asks at 3 am gets its relief steps. An
answer that counts says so in the headers of the IETF draft (httpapi-ratelimit-headers),
one too many is a 429 that says how long to wait.
"""

import ipaddress
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from hashlib import blake2b, sha256

from flask import Flask, Response, g, request
from werkzeug.exceptions import TooManyRequests

from api.domain.texts import Message
from api.web.counters import Counters
from api.web.shared_counters import Window

SECONDS = 60
"""The length of a window, which begins with the first request of a client in it.
It is fixed, so that `t` and Retry-After are a promise: after them all of the quota is
there again. A client may come to twice its limit around the turn of a window. That is
well: the limit guards a service, it does not sell one; a sliding one only estimates."""

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


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of a request that counts."""

    policy: str
    quota: int
    window: Window

    @property
    def left(self) -> int:
        return max(self.quota - self.window.count, 0)

    @property
    def seconds(self) -> int:
        """Until the window ends, whole and never none: who waits as long is let in."""
        return min(max(math.ceil(self.window.seconds), 1), SECONDS)


def register(app: Flask, limits: Limits, counters: Counters) -> None:
    """Limit the views of `app` that say they are `limited`, and say so in answers.

    `limits` (MIT) brings the storages. Flask-Limiter around it took a quarter of the
    time of an evaluation to find out, for each request, which limits it has.
    """
    app.extensions["checks"]["rate-limit-storage"] = counters.check
    for endpoint, view in app.view_functions.items():
        if policy := getattr(view, "limited", None):
            limited = _limited(view, policy, limits, counters)
            app.view_functions[endpoint] = limited
    app.after_request(_declare)


def _limited(
    view: Callable, policy: str, limits: Limits, counters: Counters
) -> Callable:
    """`view`, for who has not used up the quota of `policy`."""

    @wraps(view)
    def answered(*arguments, **path):
        if UNLIMITED not in request.environ:
            client = _client(limits)
            quota = limits.quotas[policy] * client.times
            window = counters.count(f"{client.identity}/{policy}", SECONDS)
            if window:
                g.counted = Counted(policy, quota, window)
            if window and window.count > quota:
                raise _refusal(client, g.counted.seconds)
        return view(*arguments, **path)

    return answered


def _refusal(client: Client, seconds: int) -> TooManyRequests:
    unknown = "-key-not-known" if client.key_not_known else ""
    message = Message(f"too-many-requests{unknown}", seconds=seconds)
    return TooManyRequests(message, retry_after=seconds)


def _declare(response: Response) -> Response:
    """Tell who was counted what is left, in the structured fields of the draft."""
    if counted := g.get("counted"):
        policy = f'"{counted.policy}"'
        response.headers["RateLimit-Policy"] = f"{policy};q={counted.quota};w={SECONDS}"
        response.headers["RateLimit"] = f"{policy};r={counted.left};t={counted.seconds}"
    return response


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
