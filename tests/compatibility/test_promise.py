"""What the checker lets pass is true: held against a validator on random schemas.

Where no break is found in a request, everything that the old schema takes, the new one
takes too; where none is found in an answer, everything the new one gives was possible.
"""

import random
from itertools import product

from jsonschema import Draft202012Validator

from api.compatibility import compare
from tests.compatibility.descriptions import giving, taking

SEED = 7
PAIRS = 4_000
LEAVES: list = [None, True, 0, 1, 2, 7, 1.5, "", "a", "b", "abc"]
VALUES = [
    *LEAVES,
    *([], [0], [1, 1], ["a"], ["a", "b", "abc"], [None], [[1]]),
    *({key: leaf} for key, leaf in product("ac", LEAVES)),
    *({"a": one, "b": other} for one, other in product((0, "a", None), LEAVES)),
]
TYPES = ["string", "integer", "number", "boolean", "array", "object", "null"]


def some_schema(source: random.Random, depth: int = 2) -> dict | bool:
    """A small schema of few keywords, so that two often have something in common."""
    if source.random() < 0.05:
        return source.random() < 0.8
    schema: dict = {}
    for keyword, choices in CHOICES.items():
        if source.random() < 0.12:
            schema[keyword] = source.choice(choices)
    if source.random() < 0.7:
        schema["type"] = source.sample(TYPES, source.choice((1, 1, 2, 3)))
    return schema | (some_parts(source, depth) if depth else {})


def some_parts(source: random.Random, depth: int) -> dict:
    def inner() -> dict | bool:
        return some_schema(source, depth - 1)

    parts: dict = {
        "items": inner,
        "additionalProperties": inner,
        "properties": lambda: {key: inner() for key in source.choice(("a", "ab"))},
        "anyOf": lambda: [inner() for _ in range(source.choice((1, 2, 3)))],
        "allOf": lambda: [inner(), inner()],
    }
    return {key: make() for key, make in parts.items() if source.random() < 0.2}


CHOICES: dict = {
    "enum": [["a", "b"], ["a"], [0, 1, "a"], [None, True]],
    "const": ["a", 1],
    "minimum": [0, 1],
    "exclusiveMinimum": [0, 1],
    "maximum": [1, 2],
    "exclusiveMaximum": [2, 7],
    "multipleOf": [1, 2],
    "minLength": [0, 1],
    "maxLength": [1, 2],
    "pattern": ["^a", "b"],
    "minItems": [0, 1],
    "maxItems": [1, 2],
    "uniqueItems": [True, False],
    "required": [["a"], ["a", "b"]],
    "minProperties": [1],
    "maxProperties": [1],
    "additionalProperties": [False],
    "not": [{"type": "null"}, {"const": "a"}],
}


def loosened(source: random.Random, schema):
    """The schema with one thing or another left out, anywhere in it."""
    if isinstance(schema, list):
        kept = [part for part in schema if source.random() > 0.12] or schema
        return [loosened(source, part) for part in kept]
    if not isinstance(schema, dict):
        return schema
    return {
        key: loosened(source, inner)
        for key, inner in schema.items()
        if source.random() > 0.12
    }


def taken(schema) -> set[int]:
    """The places of those values that a schema takes."""
    validator = Draft202012Validator(schema)
    return {place for place, v in enumerate(VALUES) if validator.is_valid(v)}


def pairs():
    source = random.Random(SEED)
    for _ in range(PAIRS):
        schema = some_schema(source)
        pair = [schema, loosened(source, schema)]
        yield source.sample(pair, 2)


def test_a_request_that_was_taken_is_taken():
    """Properties that nobody had named aside: who sent one of another kind was not
    told that it would be taken."""
    kept = [(old, new) for old, new in pairs() if names(new) <= names(old)]
    passed = [(old, new) for old, new in kept if not compare(taking(old), taking(new))]
    assert len(passed) > 400
    for old, new in passed:
        assert taken(old) <= taken(new), (old, new)


def test_an_answer_that_may_come_could_come():
    """Lists of values and closed objects aside: answers are open in both."""
    kept = [(old, new) for old, new in pairs() if is_settled(old) and is_settled(new)]
    passed = [(old, new) for old, new in kept if not compare(giving(old), giving(new))]
    assert len(passed) > 200
    for old, new in passed:
        assert taken(new) <= taken(old), (old, new)


def is_settled(schema) -> bool:
    if isinstance(schema, list):
        return all(map(is_settled, schema))
    if not isinstance(schema, dict):
        return True
    closed = schema.get("additionalProperties") is False
    return "enum" not in schema and not closed and all(map(is_settled, schema.values()))


def names(schema) -> set[str]:
    """Where properties stand, and what they are called."""
    if not isinstance(schema, dict):
        return set()
    inner = {"items": schema.get("items"), **schema.get("properties", {})}
    for keyword in ("allOf", "anyOf"):
        inner |= {f"{keyword}{n}": s for n, s in enumerate(schema.get(keyword, ()))}
    inner["additional"] = schema.get("additionalProperties")
    return set(schema.get("properties", ())) | {
        f"{key}/{name}" for key, part in inner.items() for name in names(part)
    }
