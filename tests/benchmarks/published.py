"""Published answers beside Flask, FastAPI and nginx, and a hundred times the content.

    python -m tests.benchmarks.published

The same documents from servers with two workers each, loaded by wrk in alternating
rounds; medians. Then starts and memory, of the content as it is and a hundred times as
large. It writes into a folder that it removes, and prints. It takes six minutes, or
ten on a machine that is busy.
"""

import argparse
import gzip
import json
import os
import statistics
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from tests.benchmarks import growth
from tests.benchmarks.aims import Aim
from tests.benchmarks.contenders import (
    FASTAPI,
    NGINX,
    OURS,
    WORKERS,
    started,
)
from tests.benchmarks.documents import GZIP, ITEM, LIST, PLAIN, documents
from tests.benchmarks.running import Load, Server, wrk

CONNECTIONS = 32

OF_THE_SERVER = ("accept-ranges", "connection", "date", "etag", "server")
"""Headers in which servers differ though the document is the same."""

KNOW_TAGS = (OURS, NGINX)
"""The 304 of the mirror has the Content-Length of the 200, as RFC 9110 allows: wrk
would wait for a body."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One kind of request; `again` is with the tag that the server gave before."""

    path: str
    encoding: str = PLAIN
    again: bool = False

    def __str__(self) -> str:
        return f"{self.path} {'304' if self.again else self.encoding or 'plain'}"

    @property
    def size(self) -> int:
        return 0 if self.again else len(documents()[self.path, self.encoding].body)

    def headers(self, server: Server) -> dict[str, str]:
        headers = {"Accept-Encoding": self.encoding} if self.encoding else {}
        if self.again:
            _, answered, _ = server.get(self.path, headers)
            headers["If-None-Match"] = _by_name(answered)["etag"]
            if server.get(self.path, headers)[0] != 304:
                raise SystemExit(f"{server} does not know its own tag")
        return headers


REQUESTS = [
    *(Asked(path, encoding) for path in (ITEM, LIST) for encoding in (PLAIN, GZIP)),
    Asked(ITEM, again=True),
]

Headers = list[tuple[str, str]]
Medians = Mapping[tuple[Asked, str], Load]


def main() -> None:
    """Print every table, then the aims."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="nightcramp-bench-") as name:
        folder = Path(name)
        print(_conditions(options), flush=True)
        with started(folder) as servers:
            _same_answers(servers)
            medians = _measured(servers, options.rounds, options.seconds)
        for asked in REQUESTS:
            _print_table(asked, medians)
        aims = [*_aims(medians), *growth.measured(folder, options)]
    print("\naims")
    for aim in aims:
        print(f"  {aim}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="published", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=2, help="of each round")
    parser.add_argument("--times", type=int, default=100, help="the content")
    return parser.parse_args()


def _conditions(options: argparse.Namespace) -> str:
    before = os.getloadavg()[0]
    return (
        f"{date.today()}: {WORKERS} workers each, wrk with {CONNECTIONS} connections,"
        f" medians of {options.rounds} alternating\nrounds of {options.seconds} s;"
        f" {os.cpu_count()} cores for servers and wrk, load average before {before:.1f}"
    )


def _same_answers(servers: Mapping[str, Server]) -> None:
    """Refuse to compare servers that do not answer the same."""
    for (path, encoding), document in documents().items():
        for name, server in servers.items():
            status, headers, body = server.get(path, {"Accept-Encoding": encoding})
            problems = []
            if (
                status != 200
                or _by_name(headers).get("content-encoding", "") != encoding
            ):
                problems.append(f"answers {status} {headers}")
            elif name == FASTAPI:
                if _json(body, encoding) != _json(document.body, encoding):
                    problems.append(
                        "has other JSON: are its models still those of schemas/?"
                    )
            else:
                if body != document.body:
                    problems.append("has other bytes")
                problems += _other_headers(headers, document.headers)
            if problems:
                raise SystemExit(f"{name}: {path} {encoding}: {'; '.join(problems)}")


def _other_headers(found: Headers, wanted: Headers) -> Iterator[str]:
    one, other = _by_name(found), _by_name(wanted)
    for name in sorted({*one, *other} - {*OF_THE_SERVER}):
        if one.get(name) != other.get(name):
            yield f"{name}: {one.get(name)}, not {other.get(name)}"


def _by_name(headers: Headers) -> dict[str, str]:
    """Header lines by name; lines of one name say the same as one line of them."""
    found: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found


def _json(body: bytes, encoding: str):
    return json.loads(gzip.decompress(body) if encoding == GZIP else body)


def _measured(servers: Mapping[str, Server], rounds: int, seconds: int) -> Medians:
    """In each round, each request of each server in turn: all see the same weather."""
    asked_of = {
        (asked, name): asked.headers(server)
        for asked in REQUESTS
        for name, server in servers.items()
        if not asked.again or name in KNOW_TAGS
    }
    found: dict[tuple[Asked, str], list[Load]] = {key: [] for key in asked_of}
    for _ in range(rounds):
        for (asked, name), headers in asked_of.items():
            load = wrk(servers[name], asked.path, CONNECTIONS, seconds, headers)
            found[asked, name].append(load)
    return {key: median(loads) for key, loads in found.items()}


def median(loads: list[Load]) -> Load:
    """The median of each figure by itself."""
    figures = [[getattr(load, field.name) for load in loads] for field in fields(Load)]
    return Load(*map(statistics.median, figures))


def _print_table(asked: Asked, medians: Medians) -> None:
    rows = {name: load for (request, name), load in medians.items() if request == asked}
    print(f"\n{asked}: {asked.size:,} bytes")
    print(
        f"  {'':24}{'requests/s':>11}{'of nginx':>10}{'of FastAPI':>12}"
        f"{'p50 ms':>9}{'p99 ms':>9}{'CPU us each':>13}"
    )
    for name, load in rows.items():
        print(
            f"  {name:24}{load.requests_a_second:11,.0f}"
            f"{_ratio(load, rows.get(NGINX)):>10}{_ratio(load, rows.get(FASTAPI)):>12}"
            f"{load.p50:9.2f}{load.p99:9.2f}{load.cpu:13.0f}"
        )


def _ratio(load: Load, other: Load | None) -> str:
    return f"{load.requests_a_second / other.requests_a_second:.2f}" if other else ""


def _aims(medians: Medians) -> Iterator[Aim]:
    for asked in REQUESTS:
        ours, nginx = medians[asked, OURS], medians[asked, NGINX]
        share = ours.requests_a_second / nginx.requests_a_second
        yield Aim(f"of nginx's requests/s: {asked}", share, least=0.8)
        yield Aim(f"times nginx's p99: {asked}", ours.p99 / nginx.p99, most=2)
        if other := medians.get((asked, FASTAPI)):
            ratio = ours.requests_a_second / other.requests_a_second
            yield Aim(f"times FastAPI's requests/s: {asked}", ratio, least=4)
    whole, again = medians[REQUESTS[0], OURS], medians[REQUESTS[-1], OURS]
    ratio = again.requests_a_second / whole.requests_a_second
    yield Aim("times the requests/s of 200 for a 304", ratio, least=1)


if __name__ == "__main__":
    main()
