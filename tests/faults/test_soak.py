"""Two hundred thousand requests of all kinds, and no more memory than before.

What a leak would come to was measured by hand: an app that keeps 200 bytes of each
request, and nothing else, grows by 40 MB.
"""

import json
import time

from tests.faults.clients import Elsewhere
from tests.faults.services import Service, running
from tests.faults.soak import Known, Tally, ask_for_all

CLIENTS = 4
REQUESTS = 200_000
WARM_UP = 40_000
"""Until every answer is kept ready and every cache is full."""

MOST_GROWTH = 12_000_000
"""Bytes, of both workers together: 60 for each request."""

MEGABYTES = 1_000_000


def knowledge(service: Service) -> Known:
    """Addresses that are kept ready, words of the content, the questions."""
    bundle = json.loads(service.read("/v1/bundle?lang=en"))
    addresses = [
        "/v1",
        "/v1/bundle",
        "/docs/rules",
        "/v1/risk-rules",
        "/v1/openapi.json",
    ]
    addresses += [f"/v1/causes/{item['id']}" for item in bundle["causes"]]
    addresses += [
        f"/v1/relief-protocols/{item['id']}?lang=ru"
        for item in bundle["relief_protocols"]
    ]
    addresses += ["/v1/causes", "/v1/sources?page=2", "/embed/risk-flags/suspected-dvt"]
    words = {
        word.lower()
        for item in bundle["causes"]
        for word in item["summary"].split()
        if word.isascii() and word.isalpha()
    }
    groups = json.loads(service.read("/v1/risk-questions?lang=en"))["groups"]
    questions = [question for group in groups for question in group["questions"]]
    return Known(tags(service, addresses), sorted(words), questions)


def tags(service: Service, addresses: list[str]) -> dict[str, str]:
    connection = service.connect()
    found = {}
    for address in addresses:
        connection.request("GET", address)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, address
        found[address] = answer.headers["ETag"]
    connection.close()
    return found


def soak(elsewhere: Elsewhere, service: Service, known: Known, number: int) -> Tally:
    """Let several clients ask, and add up what they saw."""
    asking = [
        elsewhere.submit(
            ask_for_all, service.port, known, number + seed, number // CLIENTS
        )
        for seed in range(CLIENTS)
    ]
    total = Tally()
    for tally in (future.result() for future in asking):
        total.answers += tally.answers
        total.wrong += tally.wrong
    return total


def settled_memory(service: Service) -> int:
    """When what is kept of the requests is written and their connections are closed."""
    time.sleep(2)
    return service.memory()


def test_memory_does_not_grow_with_requests(tmp_path, report):
    with running(tmp_path) as service, Elsewhere(CLIENTS) as elsewhere:
        workers, known = service.workers(), knowledge(service)
        warm_up = soak(elsewhere, service, known, WARM_UP)
        before, files = settled_memory(service), service.files()
        began = time.monotonic()
        tally = soak(elsewhere, service, known, REQUESTS)
        seconds = time.monotonic() - began
        after, files_after = settled_memory(service), service.files()
        assert service.workers() == workers
        assert service.failures() == 0
        counted = service.counted("nightcramp_requests_total")
    kinds = ", ".join(
        f"{number} {kind}" for kind, number in tally.answers.most_common()
    )
    report(
        f"soak: {tally.answers.total()} requests in {seconds:.0f} s ({kinds});"
        f" {len(tally.wrong)} wrong; memory of {len(workers)} workers"
        f" {before / MEGABYTES:.1f} -> {after / MEGABYTES:.1f} MB,"
        f" open files {files} -> {files_after}"
    )
    assert warm_up.wrong + tally.wrong == []
    assert tally.answers.total() == REQUESTS
    assert counted >= REQUESTS + WARM_UP
    assert after - before < MOST_GROWTH
    assert files_after <= files + 4
