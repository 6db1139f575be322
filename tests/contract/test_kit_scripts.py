"""The scripts of /docs/contract, run as they are served: they pass over the service,
and fail over one that lies, whatever it lies about.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from urllib.request import urlopen

import pytest

from tests.contract_scripts import PYTHON, SCRIPTS, Run, kept, run
from tests.lying import Answer, Lie, proxy
from tests.servers import start_ready, stop

PREFIX = "/nightcramp"
PUBLIC_URL = f"https://health.example.org{PREFIX}"
WITHDRAWN = "/v1/causes/statins"
WRONG = "nobody says this"
WRONG_TYPES = {"string": "object", "object": "array", "array": "integer"}

pytestmark = pytest.mark.parametrize("script", SCRIPTS)


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    server, base = start_ready()
    yield base
    stop(server)


@pytest.fixture(scope="module")
def kit(service) -> dict:
    with urlopen(f"{service}/v1/contract-kit") as answer:
        return json.load(answer)


@pytest.fixture
def brief_kit(kit) -> dict:
    """All checks, but only some of the many ids and vectors."""
    causes = next(group for group in kit["ids"] if group["kind"] == "causes")
    few = [*causes["ids"][:2], WITHDRAWN.rpartition("/")[2]]
    vectors = {**kit["vectors"], "sample": kit["vectors"]["sample"][:4]}
    return {**deepcopy(kit), "ids": [{**causes, "ids": few}], "vectors": vectors}


def size(script: str, kit: dict) -> int:
    """How many things a script counts."""
    ids = [len(group["ids"]) if script == PYTHON else 1 for group in kit["ids"][:-1]]
    return len(kit["checks"]) + len(kit["vectors"]["sample"]) + sum(ids)


def test_everything_holds(script, service, kit):
    found = run(script, service)
    assert (found.code, found.broken) == (0, []), found.said
    assert found.counts == (size(script, kit), 0, 0)


def test_a_slash_after_the_url_does_not_matter(script, service, brief_kit, tmp_path):
    found = run(script, f"{service}/", *kept(json.dumps(brief_kit), tmp_path))
    assert (found.code, found.broken) == (0, []), found.said


def test_everything_holds_behind_a_proxy_with_a_prefix(script):
    server, base = start_ready(NIGHTCRAMP_PUBLIC_URL=PUBLIC_URL)
    try:
        with proxy(base, prefix=PREFIX) as url:
            found = run(script, url)
    finally:
        stop(server)
    assert (found.code, found.broken) == (0, []), found.said


def test_a_kit_of_another_release_leaves_out_what_is_bound_to_it(
    script, service, kit, tmp_path
):
    older = {**kit, "content_version": "2026.10.0", "ruleset_version": "2026.10.0"}
    found = run(script, service, *kept(json.dumps(older), tmp_path))
    bound = sum("bound_to" in check for check in kit["checks"])
    assert (found.code, found.broken) == (0, []), found.said
    assert found.counts is not None
    assert found.counts[2] == bound + len(kit["vectors"]["sample"])


def test_of_a_mirror_only_what_is_static_is_asked(script, service, kit):
    asked: list[tuple[str, str]] = []

    def watch(answer: Answer) -> Answer:
        asked.append((answer.method, answer.path))
        return answer

    with proxy(service, watch) as url:
        found = run(script, url, "--mirror")
    needing = sum(bool(check["needs"]) for check in kit["checks"])
    assert (found.code, found.broken) == (0, []), found.said
    assert found.counts is not None
    assert found.counts[2] == needing + len(kit["vectors"]["sample"])
    assert "POST" not in {method for method, _ in asked}
    assert not any(path.startswith("/v1/search") for _, path in asked)


# Lies


def at(path: str, change: Lie, method: str = "GET") -> Lie:
    """A lie about one address only."""

    def lie(answer: Answer) -> Answer:
        told = (answer.method, answer.path) == (method, path)
        return change(answer) if told else answer

    return lie


def edited(change: Callable[[dict], object]) -> Lie:
    """A lie in the body; a 304 has none."""

    def lie(answer: Answer) -> Answer:
        if not answer.body:
            return answer
        body = json.loads(answer.body)
        change(body)
        return replace(answer, body=json.dumps(body).encode())

    return lie


def status(code: int) -> Lie:
    return lambda answer: replace(answer, status=code)


def saying(name: str, value: str) -> Lie:
    return lambda answer: answer.saying(name, value)


def without(name: str) -> Lie:
    return lambda answer: answer.without(name)


def evaluated(change: Callable[[dict], object]) -> Lie:
    """A lie about every evaluation."""
    is_one = "/v1/risk-evaluations"

    def lie(answer: Answer) -> Answer:
        told = answer.path == is_one and (answer.method, answer.status) == ("POST", 200)
        return edited(change)(answer) if told else answer

    return lie


def not_modified(answer: Answer) -> Answer:
    return replace(answer, status=200) if answer.status == 304 else answer


def redirected(answer: Answer) -> Answer:
    return replace(answer, status=308).saying("Location", "/v1/causes")


LIST, UNKNOWN = "/v1/causes", "/v1/causes/no-such-thing"
ITEM = "/v1/causes/alcohol"

LIES: dict[str, tuple[Lie, set[str]]] = {
    "a status": (at(UNKNOWN, status(200)), {"unknown-id", "cors-problem"}),
    "a media type": (
        at("/v1/changes", saying("Content-Type", "application/json")),
        {"change-feed"},
    ),
    "no media type": (at("/v1/changes", without("Content-Type")), {"change-feed"}),
    "a header with another value": (
        at(f"{LIST}?lang=ru", saying("Content-Language", "en")),
        {"language-parameter"},
    ),
    "a header that is not there": (
        at(UNKNOWN, without("Access-Control-Expose-Headers")),
        {"cors-problem"},
    ),
    "a header of another form": (
        at(LIST, saying("Cache-Control", "no-cache"), "HEAD"),
        {"head"},
    ),
    "a preflight": (
        at(LIST, saying("Access-Control-Allow-Headers", "Accept"), "OPTIONS"),
        {"cors-preflight-read"},
    ),
    "no 304": (not_modified, {"not-modified"}),
    "a redirect": (at(f"{LIST}/", redirected), {"trailing-slash"}),
    "a value": (
        at(f"{LIST}?lang=ru", edited(lambda body: body["items"][0].update(language=1))),
        {"language-parameter"},
    ),
    "a type": (
        at(LIST, edited(lambda body: body.update(total="30"))),
        {"causes-list"},
    ),
    "true for a number": (
        at("/v1/risk-rules/vectors", edited(lambda body: body.update(total=True))),
        {"vectors"},
    ),
    "a form": (
        at("/v1/openapi.json", edited(lambda body: body.update(openapi="3.0.3"))),
        {"contract"},
    ),
    "more than there is": (
        at(f"{LIST}?page=2", edited(lambda body: body["links"].update(next=LIST))),
        {"causes-end"},
    ),
    "a field less": (
        at(ITEM, edited(lambda body: body["evidence"].pop("certainty"))),
        {"causes-item"},
    ),
    "no JSON": (
        at("/v1/risk-questions", lambda answer: replace(answer, body=b"<html>")),
        {"questionnaire"},
    ),
    "an id withdrawn": (at(WITHDRAWN, status(410), "HEAD"), {"causes"}),
    "an id lost": (at(WITHDRAWN, status(404), "HEAD"), {"causes"}),
    "a level": (
        evaluated(lambda body: body["urgency"].update(level="self_care")),
        {"evaluation-chest-pain", "evaluation-swollen-calf", "nothing-asked"},
    ),
    "what is settled": (
        evaluated(lambda body: body["urgency"].update(settled=True)),
        {"evaluation-nothing-asked", "nothing-asked"},
    ),
    "a flag less": (
        evaluated(lambda body: body["flags"].clear()),
        {"evaluation-chest-pain", "evaluation-swollen-calf"},
    ),
    "a flag more": (
        evaluated(lambda body: body["flags"].append({"id": "suspected-dvt"})),
        {"evaluation-nothing-asked", "nothing-asked"},
    ),
    "what is open": (
        evaluated(lambda body: body["open_flags"].reverse()),
        {"nothing-asked"},
    ),
    "an evaluation refused": (
        at("/v1/risk-evaluations", status(422), "POST"),
        {"every-question", "evaluation", "evaluation-language"},
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_found(script, service, brief_kit, tmp_path, lie):
    tell, expected = LIES[lie]
    if script == PYTHON:
        expected = {WITHDRAWN if name == "causes" else name for name in expected}
    with proxy(service, tell) as url:
        found = run(script, url, *kept(json.dumps(brief_kit), tmp_path))
    assert found.code == 1, found.said
    assert expected <= set(found.broken), found.said
    assert len(set(found.broken)) < 20, "no more is broken than the lie is about"


def test_who_tells_the_truth_by_the_same_proxy_is_believed(
    script, service, brief_kit, tmp_path
):
    with proxy(service) as url:
        found = run(script, url, *kept(json.dumps(brief_kit), tmp_path))
    assert (found.code, found.broken) == (0, []), found.said


def test_who_is_told_to_slow_down_waits_and_asks_again(
    script, service, brief_kit, tmp_path
):
    told: Counter[str] = Counter()

    def slow_down(answer: Answer) -> Answer:
        told[answer.path] += answer.method == "POST"
        if answer.method != "POST" or told[answer.path] != 3:
            return answer
        return replace(answer, status=429).saying("Retry-After", "1")

    with proxy(service, slow_down) as url:
        found = run(script, url, *kept(json.dumps(brief_kit), tmp_path))
    assert (found.code, found.broken) == (0, []), found.said


# Every expectation of every check, the other way round


def negated(expected: dict) -> dict:
    """An expectation of the same value that does not hold where `expected` does."""
    place = {key: expected[key] for key in ("name", "pointer") if key in expected}
    if "type" in expected:
        return {**place, "type": WRONG_TYPES.get(expected["type"], "string")}
    if "absent" in expected:
        return {**place, "type": "object"}
    (kind,) = expected.keys() - place.keys()
    return {**place, kind: WRONG}


def with_status_negated(expect: dict) -> dict:
    return {**expect, "status": 299}


def with_media_type_negated(expect: dict) -> dict:
    return {**expect, "media_type": "text/nothing"}


def with_headers_negated(expect: dict) -> dict:
    return {**expect, "headers": [negated(one) for one in expect["headers"]]}


def with_body_negated(expect: dict) -> dict:
    return {**expect, "body": [negated(one) for one in expect["body"]]}


def with_checks(kit: dict, change: Callable[[dict], dict]) -> dict:
    changed = [{**c, "expect": change(c["expect"])} for c in kit["checks"]]
    return {**kit, "checks": changed}


def complaints_of(script: str, found: Run) -> Counter[str]:
    """How often each check is complained of: Python has a line for each complaint."""
    return Counter(found.broken) if script == PYTHON else Counter(set(found.broken))


@pytest.mark.parametrize(
    ("change", "count"),
    [
        (with_status_negated, lambda expect: 1),
        (with_media_type_negated, lambda expect: 1),
        (with_headers_negated, lambda expect: len(expect["headers"])),
        (with_body_negated, lambda expect: len(expect["body"])),
    ],
)
def test_every_expectation_of_every_check_can_fail(
    script, service, brief_kit, tmp_path, change, count
):
    wrong = with_checks(brief_kit, change)
    found = run(script, service, *kept(json.dumps(wrong), tmp_path))
    counts = {check["id"]: count(check["expect"]) for check in brief_kit["checks"]}
    expected = Counter({id: number for id, number in counts.items() if number})
    if script != PYTHON:
        expected = Counter(expected.keys())
    assert found.code == 1
    assert complaints_of(script, found) == expected, found.said


def test_an_expectation_of_a_kind_that_is_not_known_does_not_hold(
    script, service, brief_kit, tmp_path
):
    def unheard_of(expect: dict) -> dict:
        return {**expect, "body": [{"pointer": "", "divisible_by": 7}]}

    brief_kit["checks"] = brief_kit["checks"][:3]
    wrong = with_checks(brief_kit, unheard_of)
    found = run(script, service, *kept(json.dumps(wrong), tmp_path))
    assert found.code == 1
    assert set(found.broken) == {check["id"] for check in brief_kit["checks"]}


@pytest.mark.parametrize(
    "change",
    [
        {"checks": []},
        {"ids": []},
        {"vectors": {"total": 0, "sample": []}},
        {"kit_version": 2},
    ],
    ids=str,
)
def test_a_kit_without_anything_to_hold_to_is_no_success(
    script, service, brief_kit, tmp_path, change
):
    found = run(script, service, *kept(json.dumps(brief_kit | change), tmp_path))
    assert found.code == 1
    assert "this kit is" in found.said


def test_a_service_without_a_kit_is_no_success(script, service):
    with proxy(service, at("/v1/contract-kit", status(404))) as url:
        assert run(script, f"{url}/nowhere").code == 1
    assert run(script, url).code == 1, "nobody is there"
