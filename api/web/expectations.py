"""What a check of the contract kit consists of: a request, and what is expected.

The language is small on purpose: a runner of it is a page of code. Its words are
described in `schemas/contract_kit.py` for the contract, and on /docs/contract.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema, fields

from api.web.caching import NOTHING

JSON = "application/json"
PROBLEM = "application/problem+json"

Expected = Mapping[str, Any]
"""`pointer` or `name` says of what, and one more key what is expected of it."""

JSON_TYPES: tuple[tuple[type[fields.Field], str], ...] = (
    (fields.Integer, "integer"),
    (fields.Boolean, "boolean"),
    (fields.List, "array"),
    (fields.Nested, "object"),
    (fields.Field, "string"),
)
"""The first that fits is the type of a field in JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to ask. `repeat_with`: ask again with these headers, each taken from the
    header of the first answer that it names, and judge the second answer."""

    path: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    repeat_with: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """All of it must hold; with `media_type` None, any will do."""

    status: int = 200
    media_type: str | None = JSON
    headers: tuple[Expected, ...] = ()
    body: tuple[Expected, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """`id` is stable: what no longer holds is taken out, and never comes to mean
    something else."""

    id: str
    purpose: str
    request: Request
    expect: Expectation = Expectation()
    needs: tuple[str, ...] = ()
    bound_to: str | None = None


def equals(pointer: str, value: object) -> Expected:
    return {"pointer": pointer, "equals": value}


def matches(pointer: str, pattern: str) -> Expected:
    return {"pointer": pointer, "matches": pattern}


def of_type(type: str, *pointers: str) -> tuple[Expected, ...]:
    return tuple({"pointer": pointer, "type": type} for pointer in pointers)


def absent(pointer: str) -> Expected:
    return {"pointer": pointer, "absent": True}


def header(name: str, value: str) -> Expected:
    return {"name": name, "equals": value}


def header_like(name: str, pattern: str) -> Expected:
    return {"name": name, "matches": pattern}


def shape(schema: type[Schema], place: str = "") -> Iterator[Expected]:
    """The type of every field that the contract requires, and of those inside it."""
    for name, value in schema().fields.items():
        if not value.required:
            continue
        kind = next(kind for cls, kind in JSON_TYPES if isinstance(value, cls))
        yield from of_type(kind, f"{place}/{name}")
        if isinstance(value, fields.Nested):
            yield from shape(type(value.schema), f"{place}/{name}")


def problem(status: int, type: str, *more: Expected) -> Expectation:
    """RFC 9457, never to be kept; `more` is expected of the body."""
    return Expectation(
        status=status,
        media_type=PROBLEM,
        headers=(header("Cache-Control", NOTHING),),
        body=(
            matches("/type", f"/problems/{type}$"),
            equals("/status", status),
            *of_type("string", "/title", "/detail", "/instance"),
            *more,
        ),
    )
