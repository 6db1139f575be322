"""Start, memory and throughput: the content as it is, and many times as large."""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from api.app import create_app
from api.config import Config
from api.edition import Edition
from tests.benchmarks import contenders, large_content
from tests.benchmarks.aims import Aim
from tests.benchmarks.documents import ITEM, PUBLIC_URL
from tests.benchmarks.running import Server, wrk
from tests.servers import ROOT

CONNECTIONS = 32
STARTS = 3
SECONDS_A_RUN, MOST_RUNS, TIMES_ASKED = 10, 6, 12
"""All addresses are asked for so often that either worker has answered each."""
SECONDS_TO_LOAD = 400

ASK_FOR_ALL = """
local requests, position = {{}}, 0
function init()
{requests}
end
function request()
  position = position % #requests + 1
  return requests[position]
end
"""


def measured(folder: Path, options: argparse.Namespace) -> Iterator[Aim]:
    """Print what grows with the content, and yield the aims of it."""
    large = folder / "large"
    _write_large(large, options.times)
    print(f"\nthe service by its size{'as it is':>21}{f'{options.times} times':>12}")
    items = [_items(ROOT), _items(large)]
    _print_row("items, in all languages", *items, digits=0)
    alone = [_loading(ROOT), _loading(large)]
    for step in alone[0]:
        _print_row(f"{step} alone, s", alone[0][step], alone[1][step])
    starts = [_start() for _ in range(STARTS - 1)]
    with contenders.ours() as small:
        starts.append(small.seconds_to_start)
        start = statistics.median(starts)
        small.settle(30)
        worker, leader = _worker(small), small.megabytes_of_leader
        with contenders.ours(large, SECONDS_TO_LOAD) as big:
            big.settle(SECONDS_TO_LOAD)
            _print_row("start to first 200, s", start, big.seconds_to_start)
            _print_row("PSS of a worker, MB", worker, _worker(big))
            _print_row("PSS of its parent, MB", leader, big.megabytes_of_leader)
            rates = _alternating([small, big], options)
        _print_row("one item, requests/s", *rates, digits=0)
        _ask_for_all(small, folder)
        _print_row("PSS of a worker, all asked, MB", _worker(small))
    yield Aim("seconds from start to first 200", start, most=1)
    yield Aim(
        f"seconds from start to first 200, {options.times} times the content",
        big.seconds_to_start,
        most=10,
    )
    kept = rates[1] / rates[0]
    yield Aim(
        f"of its requests/s kept, {options.times} times the content", kept, least=0.9
    )


def _print_row(title: str, *figures: float, digits: int = 1) -> None:
    cells = "".join(f"{figure:12,.{digits}f}" for figure in figures)
    print(f"  {title:30}{cells}", flush=True)


def _write_large(folder: Path, times: int) -> None:
    """A copy of the service with more content: it knows only the content beside it."""
    for part in ("api", "schemas"):
        shutil.copytree(ROOT / part, folder / part)
    large_content.write(folder / "content", times)


def _items(folder: Path) -> int:
    content = folder / "content"
    kinds = (*large_content.MULTIPLIED, "risk-flags")
    return sum(len(list(content.rglob(f"{kind}/*.yaml"))) for kind in kinds)


def _loading(folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.loading", folder / "content"]
    output = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=SECONDS_TO_LOAD
    ).stdout
    return json.loads(output)


def _start() -> float:
    with contenders.ours() as server:
        return server.seconds_to_start


def _worker(server: Server) -> float:
    return statistics.mean(server.megabytes_of_workers)


def _alternating(servers: list[Server], options: argparse.Namespace) -> list[float]:
    found: list[list[float]] = [[] for _ in servers]
    for _ in range(options.rounds):
        for server, rates in zip(servers, found, strict=True):
            load = wrk(server, ITEM, CONNECTIONS, options.seconds)
            rates.append(load.requests_a_second)
    return [statistics.median(rates) for rates in found]


def _ask_for_all(server: Server, folder: Path) -> None:
    """Have every worker answer every published address, as each kind of client."""
    edition = create_app(config=Config(public_url=PUBLIC_URL)).wsgi_app
    if not isinstance(edition, Edition):
        raise SystemExit("the edition is not in front of the app")
    addresses = list(edition.addresses())
    script = folder / "all.lua"
    script.write_text(ASK_FOR_ALL.format(requests="\n".join(map(_request, addresses))))
    asked = 0.0
    for _ in range(MOST_RUNS):
        load = wrk(server, "/", CONNECTIONS, SECONDS_A_RUN, script=script)
        asked += load.requests_a_second * SECONDS_A_RUN / len(addresses)
        if asked >= TIMES_ASKED:
            return
    print(f"  (each address was asked {asked:.1f} times: some may not be kept yet)")


def _request(address: tuple[str, str, str, str | None]) -> str:
    path, query, language, encoding = address
    target = f"{path}?{query}" if query else path
    return (
        f'requests[#requests + 1] = wrk.format("GET", "{target}", '
        f'{{["Accept-Language"]="{language}", ["Accept-Encoding"]="{encoding or ""}"}})'
    )
