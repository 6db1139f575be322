"""Each kind of break is found, and what looks like it but is harmless is not.

A row of a table: the rule, what was, what breaks it, and a harmless twin of that.
"""

import pytest

from api.compatibility import compare
from api.compatibility.losses import LOSSES
from api.compatibility.rules import (
    ANSWER,
    ANSWER_FORM,
    BODY,
    FORM,
    HEADER,
    OPERATION,
    PARAMETER,
)
from api.compatibility.schemas import ANSWERED, SENT
from tests.compatibility.descriptions import (
    ID,
    JSON,
    KEY,
    an_object,
    answers,
    described,
    giving,
    parameter,
    taking,
)

TEXT, NUMBER, WHOLE = {"type": "string"}, {"type": "number"}, {"type": "integer"}
ANY: dict = {}
XML = "application/xml"
SAFE = {"components": {"securitySchemes": {"key": KEY}}}
HTTP = {"type": "http", "scheme": "basic"}


def form(*media_types: str, **body) -> dict:
    content = {media_type: {"schema": TEXT} for media_type in media_types}
    return described(method="post", requestBody={"content": content, **body})


def statuses(*names: str) -> dict:
    return described(responses={name: {"description": ""} for name in names})


def header(name: str = "ETag", **said) -> dict:
    return described(responses=answers(headers={name: {"schema": TEXT, **said}}))


def text(**limits) -> dict:
    return {"type": "string", **limits}


def listed(**limits) -> dict:
    return {"type": "array", "items": TEXT, **limits}


def number(**limits) -> dict:
    return {"type": "number", **limits}


OUTSIDE = [
    ("operation-removed", described(), described("/others"), described()),
    (
        "operation-removed",
        described(),
        described(method="put"),
        described(item={"put": {"responses": answers()}}),
    ),
    (
        "operation-id-changed",
        described(),
        described(operationId="readThing"),
        described(summary="Read it"),
    ),
    (
        "path-parameter-renamed",
        described(),
        described("/things/{key}", parameters=[ID | {"name": "key"}]),
        described(parameters=[], item={"parameters": [ID]}),
    ),
    (
        "security-added",
        described(**SAFE),
        described(security=[{"key": []}], **SAFE),
        described(security=[{}, {"key": []}], **SAFE),
    ),
    (
        "security-added",
        described(security=[{"key": ["read"]}], **SAFE),
        described(security=[{"key": ["read", "write"]}], **SAFE),
        described(security=[{"key": []}, {"other": []}], **SAFE),
    ),
    (
        "security-scheme-changed",
        described(security=[{"key": []}], **SAFE),
        described(
            security=[{"key": []}],
            components={"securitySchemes": {"key": KEY | {"name": "X-Token"}}},
        ),
        described(
            security=[{"key": []}],
            components={"securitySchemes": {"key": KEY | {"description": "Ask us."}}},
        ),
    ),
    (
        "cannot-judge",
        described(callbacks={"done": {}}),
        described(callbacks={"finished": {}}),
        described(callbacks={"done": {}}, tags=["Things"]),
    ),
    ("parameter-removed", parameter(), described(), parameter(description="How many")),
    (
        "parameter-removed",
        parameter(),
        parameter(name="count"),
        described(
            parameters=[ID],
            item={"parameters": [{"in": "query", "name": "size", "schema": WHOLE}]},
        ),
    ),
    (
        "parameter-removed",
        parameter(**{"in": "header", "name": "If-Match", "schema": TEXT}),
        described(),
        parameter(**{"in": "header", "name": "if-match", "schema": TEXT}),
    ),
    ("parameter-required", parameter(), parameter(required=True), parameter()),
    ("parameter-required", described(), parameter(required=True), parameter()),
    (
        "parameter-style-changed",
        parameter(),
        parameter(style="spaceDelimited"),
        parameter(style="form", explode=True),
    ),
    (
        "parameter-style-changed",
        parameter(schema=listed()),
        parameter(schema=listed(), explode=False),
        parameter(schema=listed(), allowReserved=False),
    ),
    (
        "parameter-style-changed",
        parameter(),
        parameter(content={JSON: {"schema": WHOLE}}),
        parameter(required=False),
    ),
    (
        "request-limit-tightened",
        parameter(content={JSON: {"schema": WHOLE}}),
        parameter(content={JSON: {"schema": WHOLE | {"minimum": 1}}}),
        parameter(content={JSON: {"schema": NUMBER}}),
    ),
    ("request-body-removed", form(JSON), described(method="post"), form(JSON)),
    ("request-body-required", form(JSON), form(JSON, required=True), form(JSON)),
    (
        "request-body-required",
        described(method="post"),
        form(JSON, required=True),
        form(JSON),
    ),
    ("request-media-type-removed", form(JSON, XML), form(JSON), form(XML, JSON)),
    (
        "cannot-judge",
        described(requestBody={"content": {XML: {"encoding": {"a": {"style": "x"}}}}}),
        described(requestBody={"content": {XML: {"encoding": {"a": {"style": "y"}}}}}),
        described(requestBody={"content": {XML: {"encoding": {"a": {"style": "x"}}}}}),
    ),
    (
        "response-removed",
        statuses("200", "404"),
        statuses("200"),
        statuses("200", "404", "429"),
    ),
    (
        "response-removed",
        statuses("200", "404"),
        statuses("200", "5XX"),
        statuses("200", "4XX"),
    ),
    (
        "response-removed",
        statuses("200", "404"),
        statuses("200", "403"),
        statuses("200", "default"),
    ),
    ("success-added", statuses("200"), statuses("200", "202"), statuses("200", "503")),
    ("success-added", statuses("200"), statuses("200", "307"), statuses("200", "304")),
    (
        "success-added",
        statuses("200", "404"),
        statuses("200", "204", "404"),
        statuses("200", "400", "404"),
    ),
    ("response-header-removed", header(), header("Age"), header("etag")),
    (
        "response-header-optional",
        header(required=True),
        header(),
        header(required=True, description="A validator"),
    ),
    (
        "response-type-widened",
        header(schema=WHOLE),
        header(schema=TEXT),
        header(schema=WHOLE | {"minimum": 0}),
    ),
    (
        "response-media-type-removed",
        described(responses=answers(content={JSON: {}, XML: {}})),
        described(responses=answers(content={JSON: {}})),
        described(responses=answers(content={XML: {}, JSON: {}, "text/html": {}})),
    ),
]

IN = [
    ("request-type-narrowed", NUMBER, WHOLE, {"type": ["number", "string"]}),
    ("request-type-narrowed", ANY, TEXT, {"description": "Anything"}),
    ("request-type-narrowed", TEXT, NUMBER, {"type": ["string"]}),
    (
        "request-type-narrowed",
        {"enum": ["a", 1]},
        TEXT,
        {"type": ["string", "integer"]},
    ),
    ("request-null-refused", {"type": ["string", "null"]}, TEXT, ANY),
    ("request-format-narrowed", TEXT, text(format="date"), text(title="Day")),
    (
        "request-format-narrowed",
        text(format="date"),
        text(format="date-time"),
        TEXT,
    ),
    (
        "request-format-narrowed",
        WHOLE | {"format": "int64"},
        WHOLE | {"format": "int32"},
        WHOLE | {"format": "int64", "title": "Count"},
    ),
    (
        "request-format-narrowed",
        WHOLE,
        WHOLE | {"format": "int32"},
        WHOLE | {"title": "Count"},
    ),
    (
        "request-enum-narrowed",
        text(enum=["a", "b"]),
        text(enum=["a"]),
        text(enum=["b", "a", "c"]),
    ),
    ("request-enum-narrowed", TEXT, text(enum=["a"]), TEXT),
    ("request-enum-narrowed", TEXT, text(const="a"), TEXT),
    (
        "request-enum-narrowed",
        text(const="a"),
        text(const="b"),
        text(enum=["a", "b"]),
    ),
    ("request-length-tightened", text(minLength=1), text(minLength=2), TEXT),
    ("request-length-tightened", TEXT, text(maxLength=9), text(minLength=0)),
    (
        "request-length-tightened",
        text(maxLength=9),
        text(maxLength=8),
        text(maxLength=10),
    ),
    ("request-length-tightened", listed(), listed(minItems=1), listed(minItems=0)),
    (
        "request-length-tightened",
        listed(maxItems=5),
        listed(maxItems=4),
        listed(maxItems=6),
    ),
    (
        "request-length-tightened",
        {"type": "object", "maxProperties": 3},
        {"type": "object", "maxProperties": 2},
        {"type": "object"},
    ),
    (
        "request-limit-tightened",
        number(minimum=1),
        number(minimum=2),
        number(minimum=0),
    ),
    (
        "request-limit-tightened",
        number(minimum=1),
        number(exclusiveMinimum=1),
        number(exclusiveMinimum=0),
    ),
    ("request-limit-tightened", NUMBER, number(maximum=9), NUMBER),
    (
        "request-limit-tightened",
        number(exclusiveMaximum=9),
        number(exclusiveMaximum=8),
        number(maximum=9),
    ),
    ("request-limit-tightened", NUMBER, number(multipleOf=5), NUMBER),
    (
        "request-limit-tightened",
        number(multipleOf=5),
        number(multipleOf=10),
        number(multipleOf=2.5),
    ),
    ("request-items-unique", listed(), listed(uniqueItems=True), listed()),
    ("request-pattern-changed", TEXT, text(pattern="^a"), TEXT),
    ("request-pattern-changed", text(pattern="^a"), text(pattern="^b"), TEXT),
    (
        "request-closed",
        an_object(a=TEXT),
        an_object(a=TEXT) | {"additionalProperties": False},
        an_object(a=TEXT, b=TEXT) | {"additionalProperties": True},
    ),
    (
        "request-type-narrowed",
        {"type": "object"},
        {"type": "object", "additionalProperties": TEXT},
        {"type": "object", "additionalProperties": {}},
    ),
    (
        "request-property-removed",
        an_object(a=TEXT, b=TEXT) | {"additionalProperties": False},
        an_object(a=TEXT) | {"additionalProperties": False},
        an_object(a=TEXT) | {"additionalProperties": TEXT},
    ),
    (
        "request-required-added",
        an_object(a=TEXT),
        an_object("a", a=TEXT),
        an_object(a=TEXT, b=TEXT),
    ),
    (
        "request-required-added",
        an_object("a", a=TEXT),
        an_object("a", "b", a=TEXT, b=TEXT),
        an_object(a=TEXT, b=TEXT),
    ),
    (
        "default-changed",
        WHOLE | {"default": 1},
        WHOLE | {"default": 2},
        NUMBER | {"default": 1},
    ),
    ("default-changed", WHOLE | {"default": 1}, WHOLE, WHOLE | {"default": 1}),
    (
        "default-changed",
        WHOLE | {"default": None},
        WHOLE | {"default": 0},
        WHOLE | {"default": None},
    ),
    (
        "request-variant-removed",
        {"oneOf": [TEXT, NUMBER]},
        {"oneOf": [TEXT]},
        {"anyOf": [NUMBER, {"type": "boolean"}, TEXT]},
    ),
    (
        "request-variant-removed",
        {"anyOf": [TEXT, NUMBER]},
        NUMBER,
        {"type": ["string", "number"]},
    ),
    ("request-required-added", an_object(), an_object("a"), an_object(a=TEXT)),
    (
        "request-required-added",
        {"oneOf": [an_object(a=TEXT), TEXT]},
        {"oneOf": [TEXT, an_object("a", a=TEXT)]},
        {"oneOf": [TEXT, an_object(a=TEXT, b=TEXT)]},
    ),
    (
        "cannot-judge",
        an_object(a=TEXT),
        an_object(a=TEXT) | {"propertyNames": {"maxLength": 3}},
        an_object(a=TEXT) | {"x-order": ["a"]},
    ),
    (
        "cannot-judge",
        {"not": {"properties": {"title": TEXT}}},
        {"not": {"properties": {"title": NUMBER}}},
        {"not": {"properties": {"title": TEXT}, "title": "Not that"}},
    ),
    (
        "request-limit-tightened",
        {"allOf": [NUMBER, {"minimum": 1}]},
        {"allOf": [NUMBER, {"minimum": 2}]},
        {"type": "number", "minimum": 1},
    ),
    (
        "request-type-narrowed",
        {"allOf": [an_object(a=ANY), an_object(a=NUMBER)]},
        {"allOf": [an_object(a=TEXT), an_object(a=TEXT)]},
        an_object(a=NUMBER),
    ),
    (
        "cannot-judge",
        {"allOf": [text(pattern="a"), text(pattern="b")]},
        {"allOf": [text(pattern="a"), text(pattern="c")]},
        {"allOf": [text(pattern="a"), {"title": "B", "pattern": "b"}]},
    ),
]

OUT = [
    ("response-type-widened", WHOLE, NUMBER, WHOLE | {"minimum": 1}),
    ("response-type-widened", TEXT, ANY, {"type": ["string"]}),
    ("response-type-widened", TEXT, {"type": ["string", "integer"]}, text(minLength=1)),
    ("response-null-added", TEXT, {"type": ["string", "null"]}, TEXT),
    (
        "response-format-widened",
        text(format="uri"),
        TEXT,
        text(format="uri", title="U"),
    ),
    (
        "response-format-widened",
        text(format="date"),
        text(format="time"),
        text(format="date"),
    ),
    (
        "response-format-widened",
        WHOLE | {"format": "int32"},
        WHOLE | {"format": "int64"},
        WHOLE | {"format": "int32", "minimum": 0},
    ),
    ("response-const-changed", text(const="a"), text(const="b"), text(const="a")),
    (
        "response-const-changed",
        text(const="a"),
        text(enum=["a", "b"]),
        text(enum=["a"]),
    ),
    (
        "response-length-loosened",
        text(maxLength=40),
        text(maxLength=50),
        text(maxLength=30),
    ),
    ("response-length-loosened", listed(minItems=1), listed(), listed(minItems=2)),
    ("response-limit-loosened", number(minimum=0), NUMBER, number(minimum=1)),
    (
        "response-limit-loosened",
        number(maximum=9),
        number(maximum=10),
        number(maximum=8),
    ),
    (
        "response-items-repeated",
        listed(uniqueItems=True),
        listed(),
        listed(uniqueItems=True),
    ),
    (
        "response-pattern-changed",
        text(pattern="^a"),
        TEXT,
        text(pattern="^a", maxLength=9),
    ),
    (
        "response-property-removed",
        an_object(a=TEXT, b=TEXT),
        an_object(a=TEXT),
        an_object(a=TEXT, b=TEXT, c=TEXT),
    ),
    (
        "response-property-removed",
        an_object("a", a=TEXT),
        an_object(),
        an_object("a", "b", a=TEXT, b=TEXT),
    ),
    (
        "response-required-removed",
        an_object("a", a=TEXT),
        an_object(a=TEXT),
        an_object("a", a=TEXT),
    ),
    ("response-required-removed", an_object("a"), an_object(), an_object("a", "b")),
    (
        "response-variant-added",
        {"oneOf": [TEXT, NUMBER]},
        {"oneOf": [TEXT, NUMBER, {"type": "boolean"}]},
        {"oneOf": [WHOLE, TEXT]},
    ),
    (
        "response-type-widened",
        {"type": "array", "items": an_object(a=WHOLE)},
        {"type": "array", "items": an_object(a=NUMBER)},
        {"type": "array", "items": an_object(a=WHOLE, b=NUMBER)},
    ),
    (
        "response-type-widened",
        {"type": "object", "additionalProperties": WHOLE},
        {"type": "object"},
        {"type": "object", "additionalProperties": False},
    ),
    (
        "response-type-widened",
        {"type": "object", "additionalProperties": WHOLE},
        {"type": "object", "additionalProperties": WHOLE, "properties": {"a": TEXT}},
        {"type": "object", "additionalProperties": WHOLE, "properties": {"a": WHOLE}},
    ),
    (
        "cannot-judge",
        listed(),
        listed(prefixItems=[NUMBER]),
        listed(deprecated=True),
    ),
    # Enums in answers are open: new values, and no list of them at all, are allowed.
    ("response-type-widened", text(enum=["a"]), ANY, text(enum=["a", "b"])),
    ("response-type-widened", text(enum=["a"]), NUMBER, TEXT),
    # So are objects: an answer may get fields.
    (
        "response-property-removed",
        an_object(a=TEXT) | {"additionalProperties": False},
        an_object(b=TEXT),
        an_object(a=TEXT, b=TEXT),
    ),
]

CASES = [
    *OUTSIDE,
    *((rule, *map(taking, schemas)) for rule, *schemas in IN),
    *((rule, *map(giving, schemas)) for rule, *schemas in OUT),
]
VARIANTS = {"request-variant-removed", "response-variant-added"}
RULES = {
    *(rule.id for table in (OPERATION, PARAMETER, BODY, FORM) for rule in table),
    *(rule.id for table in (ANSWER, HEADER, ANSWER_FORM) for rule in table),
    *(rule.id for table in (SENT, ANSWERED) for rule in table),
    *(id for loss in LOSSES for id in (loss.request, loss.answer) if id),
    *VARIANTS,
}


@pytest.mark.parametrize(("rule", "before", "broken", "harmless"), CASES)
def test_a_break_is_found_and_its_harmless_twin_is_not(rule, before, broken, harmless):
    assert {finding.rule for finding in compare(before, broken)} == {rule}
    assert compare(before, harmless) == []


@pytest.mark.parametrize("description", [d for case in CASES for d in case[1:]])
def test_nothing_breaks_itself(description):
    assert compare(description, description) == []


def test_every_rule_is_tried():
    assert {rule for rule, *_ in CASES} == RULES
    assert len(RULES) > 35
