"""The checker on our own description: seeded breaks are found, additions are not."""

import copy
import json

import pytest

from api.compatibility import compare
from api.contract import DESCRIPTION_FILE

REAL = json.loads(DESCRIPTION_FILE.read_text(encoding="utf-8"))
CAUSES, CAUSE = ("paths", "/v1/causes", "get"), ("paths", "/v1/causes/{id}", "get")
EVALUATE = ("paths", "/v1/risk-evaluations", "post")
SCHEMAS = ("components", "schemas")
PAGE_SIZE = (*CAUSES, "parameters", 2)
NOTE = {"type": "string"}


def at(description, *keys):
    for key in keys:
        description = description[key]
    return description


def put(*path):
    """A change: the last of `path` is put at the place that the others lead to."""
    *keys, key, value = path

    def change(description: dict) -> None:
        at(description, *keys)[key] = value

    return change


def add(*path):
    """A change: the last of `path` is added to the list that the others lead to."""
    *keys, value = path
    return lambda description: at(description, *keys).append(value)


def drop(*path):
    *keys, key = path
    return lambda description: at(description, *keys).pop(key)


def take(*path):
    """A change: the last of `path` is taken out of a list of names."""
    *keys, value = path
    return lambda description: at(description, *keys).remove(value)


def both(*changes):
    return lambda description: [change(description) for change in changes]


def rename(*path):
    *keys, old, new = path

    def change(description: dict) -> None:
        place = at(description, *keys)
        place[new] = place.pop(old)

    return change


PROPERTIES = "properties"
ANSWERS = (*SCHEMAS, "Answers", PROPERTIES)
BREAKS = {
    "operation-removed": drop(*CAUSE),
    "operation-id-changed": put(*CAUSE, "operationId", "readCause"),
    "path-parameter-renamed": both(
        put("paths", "/v1/causes/{id}", "parameters", 0, "name", "cause"),
        rename("paths", "/v1/causes/{id}", "/v1/causes/{cause}"),
    ),
    "security-added": put("security", [{"key": []}]),
    "parameter-removed": drop(*CAUSES, "parameters", 4),
    "parameter-required": put(*PAGE_SIZE, "required", True),
    "parameter-style-changed": put(*PAGE_SIZE, "style", "pipeDelimited"),
    "default-changed": put(*PAGE_SIZE, "schema", "default", 50),
    "request-limit-tightened": put(*PAGE_SIZE, "schema", "maximum", 50),
    "request-type-narrowed": put(*ANSWERS, "swelling", {"type": "boolean"}),
    "request-enum-narrowed": take(*ANSWERS, "swelling", "enum", "one_calf"),
    "request-format-narrowed": put(
        *CAUSES, "parameters", 0, "schema", "format", "language"
    ),
    "request-length-tightened": put(
        "paths", "/v1/search", "get", "parameters", 3, "schema", "maxLength", 3
    ),
    "request-pattern-changed": put(
        "components", "parameters", "IfNoneMatch", "schema", "pattern", "^W/"
    ),
    "request-property-removed": drop(*ANSWERS, "urine_dark"),
    "request-required-added": put(*SCHEMAS, "Answers", "required", ["age_years"]),
    "request-variant-removed": drop(*ANSWERS, "age_years", "oneOf", 1),
    "request-media-type-removed": rename(
        *EVALUATE, "requestBody", "content", "application/json", "application/xml"
    ),
    "request-body-removed": drop(*EVALUATE, "requestBody"),
    "response-removed": drop(*CAUSE, "responses", "404"),
    "success-added": put(*EVALUATE, "responses", "202", {"description": "Later"}),
    "response-header-removed": drop(*CAUSE, "responses", "200", "headers", "ETag"),
    "response-media-type-removed": rename(
        *("components", "responses", "NotFound", "content"),
        *("application/problem+json", "application/json"),
    ),
    "response-property-removed": drop(*SCHEMAS, "Evidence", PROPERTIES, "why"),
    "response-required-removed": take(*SCHEMAS, "Step", "required", "glance"),
    "response-type-widened": put(
        *SCHEMAS, "Step", PROPERTIES, "seconds", "type", "number"
    ),
    "response-null-added": put(
        *SCHEMAS, "Cause", PROPERTIES, "title", "type", ["string", "null"]
    ),
    "response-format-widened": drop(
        *SCHEMAS, "ItemLinks", PROPERTIES, "self", "format"
    ),
    "response-variant-added": put(
        *SCHEMAS, "Cause", PROPERTIES, "summary", {"oneOf": [NOTE, {"type": "array"}]}
    ),
    "cannot-judge": put(*SCHEMAS, "Condition", "propertyNames", {"minLength": 2}),
}

ADDITIONS = {
    "an operation": put("paths", "/v1/stories", {"get": {"responses": {}}}),
    "a method": put("paths", "/v1/causes", "post", {"responses": {}}),
    "an optional parameter": add(
        *CAUSES, "parameters", {"in": "query", "name": "sort", "schema": NOTE}
    ),
    "a value of a parameter": add(*SCHEMAS, "PopulationFilter", "enum", "cats"),
    "a wider limit": put(*PAGE_SIZE, "schema", "maximum", 500),
    "a question": put(*ANSWERS, "asleep_now", {"enum": ["yes", "no"]}),
    "an answer to a question": add(*ANSWERS, "swelling", "enum", "both_knees"),
    "a media type of a request": put(
        *EVALUATE, "requestBody", "content", "application/yaml", {}
    ),
    "an error": put(
        *CAUSE, "responses", "429", {"$ref": "#/components/responses/NotFound"}
    ),
    "a header": put(*CAUSE, "responses", "200", "headers", "Age", {"schema": NOTE}),
    "a media type of an answer": put(
        *CAUSE, "responses", "200", "content", "text/html", {"schema": NOTE}
    ),
    "a field": put(*SCHEMAS, "Cause", PROPERTIES, "note", NOTE),
    "a field that is always there": add(*SCHEMAS, "Cause", "required", "title"),
    "a list of codes": put(*SCHEMAS, "Evidence", PROPERTIES, "verdict", "enum", ["a"]),
    "a narrower answer": put(*SCHEMAS, "Step", PROPERTIES, "seconds", "maximum", 600),
    "optional credentials": put("security", [{}, {"key": []}]),
    "a deprecation": put(*CAUSE, "deprecated", True),
    "other words": put(*SCHEMAS, "Cause", "description", "Why it hurts."),
    "another example": put(
        *CAUSE, "responses", "200", "content", "application/json", "example", {}
    ),
    "a newer version": put("info", "version", "1.9.0"),
    "another place": put("servers", [{"url": "https://api.example.org"}]),
}


def changed(change) -> dict:
    description = copy.deepcopy(REAL)
    change(description)
    assert description != REAL
    return description


def test_our_description_breaks_nothing_of_itself():
    assert compare(REAL, copy.deepcopy(REAL)) == []


@pytest.mark.parametrize("rule", BREAKS)
def test_a_seeded_break_is_found(rule):
    found = compare(REAL, changed(BREAKS[rule]))
    assert {finding.rule for finding in found} == {rule}


@pytest.mark.parametrize("addition", ADDITIONS)
def test_an_allowed_addition_is_no_break(addition):
    assert compare(REAL, changed(ADDITIONS[addition])) == []


def test_enough_is_seeded():
    assert len(BREAKS) >= 18
    assert len(ADDITIONS) >= 10


def test_a_break_of_what_is_shared_is_found_wherever_it_is_used():
    found = compare(REAL, changed(drop(*SCHEMAS, "Problem", PROPERTIES, "detail")))
    with_errors = {
        f"{method.upper()} {path}"
        for path, item in REAL["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    }
    assert {finding.operation for finding in found} == with_errors
    assert {finding.change.pointer for finding in found} == {
        "/components/schemas/Problem/properties/detail"
    }


def test_a_break_deep_in_a_recursive_schema_is_found():
    was = changed(
        put(*SCHEMAS, "Condition", PROPERTIES, "question", {"type": "number"})
    )
    (pointer,) = {finding.change.pointer for finding in compare(REAL, was)}
    assert pointer == "/components/schemas/Condition/properties/question/type"
