"""What one shape allows and another does not, keyword by keyword.

A request breaks where the new shape allows less than the old one; an answer where it
allows more, for then something may come that nobody was told of. That is one
comparison with its two sides exchanged, so each rule is written once: `wide` must lose
nothing in `narrow`.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from api.compatibility.shapes import Shape
from api.compatibility.wordless import WORDS, wordless

TYPES = {"string", "number", "integer", "boolean", "array", "object"}
SMALLER_FORMATS = {("int32", "int64"), ("float", "double")}
COUNTS = ("Length", "Items", "Properties")

JUDGED = {
    *("type", "enum", "const", "format", "pattern", "multipleOf", "uniqueItems"),
    *("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "required"),
    *(f"{end}{count}" for end in ("min", "max") for count in COUNTS),
    *("properties", "additionalProperties", "items", "default", "deprecated", "$defs"),
}
"""Keywords that some rule knows; what else differs, no rule can call harmless."""


class Loss(NamedTuple):
    """A rule on two shapes. `check` yields keywords that lose something.

    `request` and `answer` are the ids of the break in each; None where it is none.
    """

    request: str | None
    answer: str | None
    means: str
    check: Callable[[Shape, Shape], Iterable[str]]


def value(shape: Shape, keyword: str, default: Any = None) -> Any:
    """What a keyword says; `default` where it does not stand."""
    return shape[keyword].value if keyword in shape else default


def types(shape: Shape) -> set[str]:
    """Every type that is possible, `null` among them; a number may be an integer."""
    declared = value(shape, "type")
    if declared is None:
        chosen = choices(shape)
        found = (
            TYPES | {"null"}
            if chosen is None
            else {_type_of(c) for c in chosen.values()}
        )
    else:
        found = {declared} if isinstance(declared, str) else set(declared)
    return found | ({"integer"} if "number" in found else set())


def _type_of(chosen: Any) -> str:
    names = {str: "string", bool: "boolean", int: "integer", float: "number"}
    return {**names, list: "array", dict: "object"}.get(type(chosen), "null")


def choices(shape: Shape) -> dict[str, Any] | None:
    """The only values that are possible, by their JSON, for to Python True is 1.

    None where there is no list of them.
    """
    if "const" not in shape and "enum" not in shape:
        return None
    known = value(shape, "enum", [value(shape, "const")])
    listed = {json.dumps(choice, sort_keys=True): choice for choice in known}
    if "const" not in shape:
        return listed
    only = json.dumps(shape["const"].value, sort_keys=True)
    return {key: choice for key, choice in listed.items() if key == only}


def lost_types(wide: Shape, narrow: Shape) -> Iterator[str]:
    if types(wide) - types(narrow) - {"null"}:
        yield "type"


def lost_null(wide: Shape, narrow: Shape) -> Iterator[str]:
    """Only the null: where other types are lost too, that is said already."""
    if types(wide) - types(narrow) == {"null"}:
        yield "type"


def lost_formats(wide: Shape, narrow: Shape) -> Iterator[str]:
    ours, theirs = value(wide, "format"), value(narrow, "format")
    if theirs not in (None, ours) and (ours, theirs) not in SMALLER_FORMATS:
        yield "format"


def lost_values(wide: Shape, narrow: Shape) -> Iterator[str]:
    ours, theirs = choices(wide), choices(narrow)
    if theirs is not None and (ours is None or ours.keys() - theirs.keys()):
        yield "const" if "const" in narrow else "enum"


def lost_constant(wide: Shape, narrow: Shape) -> Iterator[str]:
    if "const" in narrow and choices(wide) != choices(narrow):
        yield "const"


def lost_lengths(wide: Shape, narrow: Shape) -> Iterator[str]:
    """Counts of characters, of items and of properties."""
    for count in COUNTS:
        least, most = f"min{count}", f"max{count}"
        if value(narrow, least, 0) > value(wide, least, 0):
            yield least
        if most in narrow and narrow[most].value < value(wide, most, float("inf")):
            yield most


def lost_numbers(wide: Shape, narrow: Shape) -> Iterator[str]:
    if _bound(narrow, "Minimum", 1) > _bound(wide, "Minimum", 1):
        yield _keyword(narrow, "Minimum")
    if _bound(narrow, "Maximum", -1) > _bound(wide, "Maximum", -1):
        yield _keyword(narrow, "Maximum")
    step, ours = value(narrow, "multipleOf"), value(wide, "multipleOf")
    if step is not None and (ours is None or ours % step):
        yield "multipleOf"


def _bound(shape: Shape, end: str, sign: int) -> tuple[float, bool]:
    """How tight a bound is: the number, turned so that more is tighter; without it?"""
    inclusive = value(shape, end.lower(), float("-inf") * sign)
    exclusive = value(shape, f"exclusive{end}", float("-inf") * sign)
    return max((sign * inclusive, False), (sign * exclusive, True))


def _keyword(shape: Shape, end: str) -> str:
    return end.lower() if end.lower() in shape else f"exclusive{end}"


def lost_repetition(wide: Shape, narrow: Shape) -> Iterator[str]:
    if value(narrow, "uniqueItems") and not value(wide, "uniqueItems"):
        yield "uniqueItems"


def lost_patterns(wide: Shape, narrow: Shape) -> Iterator[str]:
    """Nobody can say which of two patterns allows more."""
    if value(narrow, "pattern") not in (None, value(wide, "pattern")):
        yield "pattern"


def lost_freedom(wide: Shape, narrow: Shape) -> Iterator[str]:
    was, now = (value(s, "additionalProperties", True) for s in (wide, narrow))
    if now is False and was is not False:
        yield "additionalProperties"


def unjudged(wide: Shape, narrow: Shape) -> Iterator[str]:
    """What no rule here understands, and is not the same."""
    others = {*wide, *narrow} - JUDGED - WORDS
    for keyword in sorted(k for k in others if not k.startswith("x-")):
        ours, theirs = (wordless(value(shape, keyword)) for shape in (wide, narrow))
        if ours != theirs:
            yield keyword


LOSSES = (
    Loss(
        "request-type-narrowed",
        "response-type-widened",
        "A type is no longer taken; or one may come that could not.",
        lost_types,
    ),
    Loss(
        "request-null-refused",
        "response-null-added",
        "null is no longer taken; or may come where it could not.",
        lost_null,
    ),
    Loss(
        "request-format-narrowed",
        "response-format-widened",
        "A string or number must be of a format; or is no longer sure to be.",
        lost_formats,
    ),
    # New values of an enum in an answer are no break: the policy tells clients that
    # codes may get new values at any time, and the content does get them.
    Loss("request-enum-narrowed", None, "A value is no longer taken.", lost_values),
    Loss(None, "response-const-changed", "What was always sent is not.", lost_constant),
    Loss(
        "request-length-tightened",
        "response-length-loosened",
        "Fewer or more characters, items or properties than before.",
        lost_lengths,
    ),
    Loss(
        "request-limit-tightened",
        "response-limit-loosened",
        "A number has a tighter limit; or may leave the one it had.",
        lost_numbers,
    ),
    Loss(
        "request-items-unique",
        "response-items-repeated",
        "Items must differ; or may now repeat.",
        lost_repetition,
    ),
    Loss(
        "request-pattern-changed",
        "response-pattern-changed",
        "There is a pattern, and it is not the one that was there.",
        lost_patterns,
    ),
    # An answer may become open: new fields may come at any time.
    Loss("request-closed", None, "Unknown properties are refused.", lost_freedom),
    Loss("cannot-judge", "cannot-judge", "No rule knows what this does.", unjudged),
)
