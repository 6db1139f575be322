"""The contract: it is what the code says, and what the service answers."""

import json
import re
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from urllib.parse import urlencode, urlsplit

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from api.app import create_app
from api.config import Config
from api.contract import DESCRIPTION_FILE, contract
from api.domain.releases import Release, Tombstone
from api.web.refusals import REFUSAL
from tests.endpoints.lists import everything

COMMITTED = DESCRIPTION_FILE.read_text(encoding="utf-8")
CONTRACT = json.loads(COMMITTED)
OPERATIONS = {
    operation["operationId"]: (path, method, operation)
    for path, methods in CONTRACT["paths"].items()
    for method, operation in methods.items()
    if method != "parameters"
}
READS = {id: found for id, found in OPERATIONS.items() if found[1] == "get"}
TOO_LONG = {"getBundle", "getContractKit", "getRiskRuleVectors"}
"""Answers that would be the greater part of the contract as examples."""
SHOWN = [
    id
    for id, (path, *_) in OPERATIONS.items()
    if path.startswith("/v1") and id not in TOO_LONG
]
PAGED = [id for id, found in READS.items() if "page_size" in str(found[2])]
FAILURES = [
    name
    for name, found in CONTRACT["components"]["responses"].items()
    if "content" in found
]
LANGUAGES = ["en", "ru"]
ITEMS = ["causes", "relief-protocols", "prevention-tips", "risk-flags", "sources"]
TOO_OLD = "2020.01.0"
WITHDRAWN = "no-longer-there"

SCHEMA = re.compile(r"#/components/schemas/(\w+)")
FORMATS = FormatChecker()
FORMATS.checks("uri")(lambda text: all(urlsplit(text)[:2]))


def strict(schema):
    """`schema`, with no property allowed that it does not document."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {"additionalProperties": False} if "properties" in schema else {}
    return closed | {key: strict(part) for key, part in schema.items()}


REGISTRY = Registry().with_resources(
    (name, Resource.from_contents(contents, default_specification=DRAFT202012))
    for name, contents in {"open": CONTRACT, "strict": strict(CONTRACT)}.items()
)


def pointer(*keys: str) -> str:
    return "/" + "/".join(k.replace("~", "~0").replace("/", "~1") for k in keys)


def response_of(operation_id: str, status: int) -> tuple[str, dict]:
    """Where the contract describes an answer, and what it says there."""
    path, method, operation = OPERATIONS[operation_id]
    response = operation["responses"][str(status)]
    if "$ref" not in response:
        return pointer("paths", path, method, "responses", str(status)), response
    name = response["$ref"].rpartition("/")[2]
    return (
        pointer("components", "responses", name),
        CONTRACT["components"]["responses"][name],
    )


def problems(answer, operation_id: str, status: int = 200, door: str = "strict"):
    """What the contract has against `answer`."""
    place, response = response_of(operation_id, status)
    (media_type,) = response["content"]
    reference = f"{door}#{place}{pointer('content', media_type, 'schema')}"
    validator = Draft202012Validator(
        {"$ref": reference}, registry=REGISTRY, format_checker=FORMATS
    )
    errors = validator.iter_errors(answer)
    return [f"{error.json_path}: {error.message}" for error in errors]


def address(operation_id: str, id: str | None = None, **query: str) -> str:
    """Where the example of an operation is, or the item `id` in its place."""
    path, _, operation = OPERATIONS[operation_id]
    if "{id}" in path:
        content = operation["responses"]["200"]["content"]["application/json"]
        path = path.replace("{id}", id or content["example"]["id"])
    needed = {
        parameter["name"]: parameter["schema"]["example"]
        for parameter in operation.get("parameters", [])
        if parameter.get("required") and parameter["in"] == "query"
    }
    return f"{path}?{urlencode(needed | query)}"


def request_for(operation_id: str, status: int, language: str) -> tuple[str, dict]:
    """An address and headers that get the answer `status` from an operation."""
    headers = {"Accept-Language": language}
    if status == 304:
        headers["If-None-Match"] = "*"
    path, *_ = OPERATIONS[operation_id]
    if status in (404, 410) and "{id}" in path:
        id = {404: "no-such-id", 410: WITHDRAWN}[status]
        return address(operation_id, id=id), headers
    query = {
        404: {"since": "no-such-version"},
        406: {"lang": "xx"},
        410: {"since": TOO_OLD},
        422: {"no-such-parameter": "1"},
    }.get(status, {})
    return address(operation_id, **query), headers


def documented(*statuses: int) -> list[tuple[str, int]]:
    """Each reading operation with each of `statuses` that it documents."""
    return [
        (id, status)
        for id, (_, _, operation) in READS.items()
        for status in statuses
        if str(status) in operation["responses"]
    ]


def fail(**path):
    raise RuntimeError("on purpose")


@pytest.fixture(scope="module")
def broken(library):
    """A client of an app in which every view fails, as it would in production."""
    app = create_app(library, Config())
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.view_functions = dict.fromkeys(app.view_functions, fail)
    return app.test_client()


@pytest.fixture(scope="module")
def withdrawing(library):
    """A client of an app in which one item of each kind has been withdrawn."""
    day = date(2020, 1, 31)
    stones = {
        f"{kind}/{WITHDRAWN}": Tombstone(
            item=f"{kind}/{WITHDRAWN}",
            withdrawn_in=TOO_OLD,
            withdrawn_on=day,
            reason="Nobody needs it.",
            replaced_by=f"{kind}/alcohol",
        )
        for kind in ITEMS
    }
    old = Release(
        version=TOO_OLD,
        released_on=day,
        ruleset_version=TOO_OLD,
        content="",
        summary="Long ago.",
    )
    release = library.catalogue(library.original).releases[0]
    catalogues = {
        language: replace(
            library.catalogue(language), releases=(release, old), tombstones=stones
        )
        for language in library.languages
    }
    changed = replace(library, catalogues=MappingProxyType(catalogues), release=release)
    return create_app(changed, Config()).test_client()


@pytest.fixture(scope="module")
def counting(library):
    """A client of an app that limits, as it is by default."""
    return create_app(library, Config()).test_client()


@pytest.fixture(scope="module")
def refusing(library):
    """A client that has used up what it may search in a minute."""
    refused = create_app(library, Config(searches_per_minute=1)).test_client()
    assert refused.get("/v1/search?q=cramp").status_code == 200
    return refused


@pytest.fixture(scope="module")
def busy(app):
    """A client whose requests the server has no time for."""
    client = app.test_client()
    client.environ_base[REFUSAL] = "busy"
    return client


@pytest.fixture(scope="module")
def ask(counting, broken, withdrawing, refusing, busy):
    """Asks an operation so that it answers with a status."""

    def ask(operation_id: str, status: int, language: str):
        target, headers = request_for(operation_id, status, language)
        special = {410: withdrawing, 429: refusing, 500: broken, 503: busy}
        asked = special.get(status, counting)
        return asked.get(target, headers=headers)

    return ask


def test_the_committed_contract_is_that_of_the_code():
    same = contract() == COMMITTED
    assert same, "openapi/v1.json is not what the code says: run `make openapi`"


def test_the_contract_is_valid_openapi():
    assert CONTRACT["openapi"].startswith("3.1")
    validate(CONTRACT)


def test_every_address_of_the_api_is_in_the_contract(app):
    rules = {
        rule.rule.replace("<string:id>", "{id}") for rule in app.url_map.iter_rules()
    }
    ours = {rule for rule in rules if rule.startswith(("/v1", "/health"))}
    assert set(CONTRACT["paths"]) == ours - {"/v1/openapi.json"}


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_an_operation_says_what_it_is(operation_id):
    _, _, operation = OPERATIONS[operation_id]
    tags = {tag["name"] for tag in CONTRACT["tags"]}
    assert operation["summary"]
    assert operation["description"]
    assert set(operation["tags"]) <= tags
    assert "200" in operation["responses"]
    assert {"500", "503"} <= set(operation["responses"])
    assert "default" not in operation["responses"]


def test_no_two_operations_have_the_same_name():
    named = [
        operation.get("operationId")
        for methods in CONTRACT["paths"].values()
        for method, operation in methods.items()
        if method != "parameters"
    ]
    assert all(named)
    assert len(named) == len(set(named)) == len(OPERATIONS)


@pytest.mark.parametrize("operation_id", SHOWN)
def test_the_example_of_an_operation_is_as_described(operation_id):
    _, response = response_of(operation_id, 200)
    (content,) = response["content"].values()
    assert problems(content["example"], operation_id) == []


@pytest.mark.parametrize("name", FAILURES)
def test_the_example_of_an_error_is_as_described(name):
    (content,) = CONTRACT["components"]["responses"][name]["content"].values()
    assert problems(content["example"], "getCause", 404) == []
    assert content["example"]["instance"].startswith("/v1/")


LINKS = [
    (operation_id, target)
    for operation_id, (_, _, operation) in OPERATIONS.items()
    for target in operation["responses"]["200"].get("links", {})
]


@pytest.mark.parametrize(("operation_id", "target"), LINKS)
def test_a_link_leads_on_from_a_real_answer(withdrawing, operation_id, target):
    path, method, operation = OPERATIONS[operation_id]
    link = operation["responses"]["200"]["links"][target]
    if method == "get":
        answer = withdrawing.get(address(operation_id)).get_json()
    else:
        (content,) = operation["responses"]["200"]["content"].values()
        answer = content["example"]
    assert link["operationId"] == target
    taken = {
        name: at(answer, where.removeprefix("$response.body#"))
        for name, where in link["parameters"].items()
    }
    assert withdrawing.get(address(target, **taken)).status_code == 200


def at(answer, place: str):
    """What is at the JSON pointer `place` of an answer."""
    for key in place.split("/")[1:]:
        answer = answer[int(key)] if isinstance(answer, list) else answer[key]
    return answer


LANGUAGE_TAGS = ["en", "ru", "EN", "ru-RU", "Ru_x", "en-", "e", "xx", "eng", "-en", ""]


@pytest.mark.parametrize("tag", LANGUAGE_TAGS)
def test_the_contract_knows_which_language_tags_are_taken(client, tag):
    pattern = CONTRACT["components"]["schemas"]["LanguageTag"]["pattern"]
    answer = client.get("/v1", query_string={"lang": tag})
    assert (answer.status_code == 200) == bool(re.search(pattern, tag))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ITEMS)
def test_every_item_is_as_described(client, kind, language):
    (operation_id,) = (
        id for id, (path, *_) in READS.items() if path == f"/v1/{kind}/{{id}}"
    )
    items = everything(client, f"/v1/{kind}", lang=language)
    assert len(items) > 10
    for item in items:
        answer = client.get(address(operation_id, id=item["id"], lang=language))
        assert problems(answer.get_json(), operation_id) == [], item["id"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("operation_id", READS)
def test_the_answer_of_an_operation_is_as_described(client, operation_id, language):
    headers = {"Accept-Language": language}
    answer = client.get(address(operation_id), headers=headers)
    _, response = response_of(operation_id, 200)
    assert answer.status_code == 200
    assert [answer.mimetype] == list(response["content"])
    said = answer.get_json() if answer.is_json else answer.text
    assert problems(said, operation_id) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("query", [{}, {"page": "2", "page_size": "3"}, {"page": "99"}])
@pytest.mark.parametrize("operation_id", PAGED)
def test_every_page_is_as_described(client, operation_id, query, language):
    answer = client.get(address(operation_id, lang=language, **query))
    assert problems(answer.get_json(), operation_id) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("operation_id", "status"), documented(404, 406, 410, 422, 429, 500, 503)
)
def test_a_documented_error_is_as_described(ask, operation_id, status, language):
    answer = ask(operation_id, status, language)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert problems(answer.get_json(), operation_id, status) == []


@pytest.mark.parametrize(
    ("operation_id", "status"), documented(200, 304, 404, 406, 410, 422, 429, 500, 503)
)
def test_every_documented_header_is_sent(ask, operation_id, status):
    answer = ask(operation_id, status, "ru")
    _, response = response_of(operation_id, status)
    assert answer.status_code == status
    assert set(response.get("headers", {})) <= set(answer.headers.keys())


def test_every_documented_status_is_tried():
    statuses = {s for _, _, o in READS.values() for s in o["responses"]}
    assert statuses == {"200", "304", "404", "406", "410", "422", "429", "500", "503"}


def values_of(schema: dict) -> list[str]:
    """The values that a parameter takes, where they are named."""
    name = schema.get("$ref", "").rpartition("/")[2]
    return CONTRACT["components"]["schemas"].get(name, schema).get("enum", [])


CHOICES = [
    (operation_id, parameter["name"], value)
    for operation_id, (_, _, operation) in READS.items()
    for parameter in operation.get("parameters", [])
    for value in values_of(parameter.get("schema", {}))
]


@pytest.mark.parametrize(("operation_id", "name", "value"), CHOICES)
def test_every_documented_value_of_a_parameter_is_taken(
    client, operation_id, name, value
):
    target = address(operation_id, **{name: value})
    assert client.get(target).status_code == 200


def reached(part: str) -> set[str]:
    """Names of the schemas that this part of the operations refers to, near or far."""
    rest = [operation.get(part) for _, _, operation in OPERATIONS.values()]
    rest.append(CONTRACT["components"].get(part))
    found: set[str] = set()
    while rest:
        names = set(SCHEMA.findall(json.dumps(rest.pop()))) - found
        found |= names
        rest += [CONTRACT["components"]["schemas"][name] for name in names]
    return found


@pytest.mark.parametrize("name", sorted(reached("responses") - reached("requestBody")))
def test_an_answer_may_get_new_properties(name):
    schema = CONTRACT["components"]["schemas"][name]
    assert '"additionalProperties": false' not in json.dumps(schema)


def test_the_checks_of_these_tests_can_fail(client):
    cause = client.get("/v1/causes/lactic-acid").get_json()
    assert problems(cause, "getCause") == []
    assert problems(cause | {"new": 1}, "getCause", door="open") == []
    for change in (
        {"new": 1},
        {"title": None},
        {"links": {"self": "/v1/causes"}},
        {"review": cause["review"] | {"reviewed_on": "yesterday"}},
        {"evidence": cause["evidence"] | {"new": 1}},
    ):
        assert problems(cause | change, "getCause"), change
    del cause["what_to_do"]
    assert problems(cause, "getCause", door="open")
