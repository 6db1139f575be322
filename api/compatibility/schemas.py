"""Whether what is sent still fits: two schemas, in the direction that they are sent."""

from collections.abc import Iterator
from enum import Enum

from api.compatibility.description import NOTHING, Part
from api.compatibility.findings import Change, Found, Rule, applied, words
from api.compatibility.losses import LOSSES, Loss, choices, types, value
from api.compatibility.shapes import Shape, named, shapes

Known = frozenset[tuple[str, str]]
"""Pairs of schemas that are being compared already: a schema may contain itself."""


class Sent(Enum):
    """Who sends it: a client in a request, or we in an answer."""

    IN = "request"
    OUT = "response"


def property_of(shape: Shape, name: str) -> Part:
    """The schema of a property, which may be that of all that are not named."""
    own = shape["properties"].child(name) if "properties" in shape else NOTHING
    if own:
        return own
    others = shape.get("additionalProperties", NOTHING)
    return others if isinstance(others.value, dict) else NOTHING


def properties_removed(old: Shape, new: Shape) -> Iterator[Change]:
    for name in value(old, "properties", {}):
        if not property_of(new, name):
            place = old["properties"].child(name).pointer
            yield Change(place, "there", "gone")


def required_added(old: Shape, new: Shape) -> Iterator[Change]:
    for name in value(new, "required", ()):
        if name not in value(old, "required", ()):
            was = "optional" if property_of(old, name) else "not there"
            yield Change(_place(new, name), was, "required")


def required_removed(old: Shape, new: Shape) -> Iterator[Change]:
    """What is gone altogether is another break."""
    for name in value(old, "required", ()):
        is_gone = property_of(old, name) and not property_of(new, name)
        if name not in value(new, "required", ()) and not is_gone:
            yield Change(_place(old, name), "required", "optional")


def _place(shape: Shape, name: str) -> str:
    """Where a required property is described, or else where it is required."""
    return property_of(shape, name).pointer or shape["required"].pointer


def default_changed(old: Shape, new: Shape) -> Iterator[Change]:
    """To who leaves it out, another default is another request. A first one is not:
    something was done before too, and now it is written down."""
    if "default" in old and value(new, "default") != old["default"].value:
        now = words(new["default"].value) if "default" in new else "none"
        yield Change(old["default"].pointer, words(old["default"].value), now)


SENT = (
    Rule(
        "request-property-removed",
        "A property is no longer taken.",
        properties_removed,
    ),
    Rule("request-required-added", "A property must now be sent.", required_added),
    Rule("default-changed", "To leave it out means something else.", default_changed),
)
ANSWERED = (
    Rule("response-property-removed", "A property is gone.", properties_removed),
    Rule("response-required-removed", "A property may be absent.", required_removed),
)
"""Rules that are not the same from both sides."""


def compared(old: Part, new: Part, sent: Sent, known: Known = frozenset()) -> Found:
    """Every break between two schemas, and between all that they lead to."""
    old, new = named(old), named(new)
    if (old.pointer, new.pointer) in known:
        return
    known |= {(old.pointer, new.pointer)}
    olds, news = shapes(old), shapes(new)
    if len(olds) == len(news) == 1:
        yield from _of_shape(old, olds[0], news[0], sent, known)
    elif sent is Sent.IN:
        for shape in olds:
            yield from _of_variant(old, shape, news, sent, known)
    else:
        for shape in news:
            yield from _of_variant(old, shape, olds, sent, known)


def _of_variant(
    schema: Part, variant: Shape, others: list[Shape], sent: Sent, known: Known
) -> Found:
    """What is lost of a variant that must fit one of the others."""

    def against(other: Shape) -> list[tuple[str, Change]]:
        old, new = (variant, other) if sent is Sent.IN else (other, variant)
        return list(_of_shape(schema, old, new, sent, known))

    if all(against(other) for other in others):
        alike = [other for other in others if _alike(variant, other)]
        yield from (
            against(alike[0]) if len(alike) == 1 else _unknown(schema, variant, sent)
        )


def _alike(one: Shape, other: Shape) -> bool:
    """Is the one what has become of the other, rather than another variant?"""
    return types(one) == types(other) and choices(one) == choices(other)


def _unknown(schema: Part, variant: Shape, sent: Sent) -> Found:
    said = words({keyword: part.value for keyword, part in variant.items()})
    if sent is Sent.IN:
        yield "request-variant-removed", Change(schema.pointer, said, "gone")
    else:
        yield "response-variant-added", Change(schema.pointer, "not there", said)


def _of_shape(schema: Part, old: Shape, new: Shape, sent: Sent, known: Known) -> Found:
    for loss in LOSSES:
        yield from _lost(loss, schema, old, new, sent)
    yield from applied(SENT if sent is Sent.IN else ANSWERED, old, new)
    for one, other in _inner(schema, old, new):
        yield from compared(one, other, sent, known)


def _lost(loss: Loss, schema: Part, old: Shape, new: Shape, sent: Sent) -> Found:
    rule = loss.request if sent is Sent.IN else loss.answer
    pair = (old, new) if sent is Sent.IN else (new, old)
    for keyword in loss.check(*pair) if rule else ():
        standing = old.get(keyword) or new.get(keyword) or schema.child(keyword)
        was, now = _said(old, keyword), _said(new, keyword)
        yield str(rule), Change(standing.pointer, was, now)


def _said(shape: Shape, keyword: str) -> str:
    return words(shape[keyword].value) if keyword in shape else "not there"


def _inner(schema: Part, old: Shape, new: Shape) -> Iterator[tuple[Part, Part]]:
    """The schemas inside two shapes that stand for the same."""
    for keyword in ("items", "additionalProperties"):
        anything = Part(schema.root, schema.child(keyword).pointer, None)
        one, other = (shape.get(keyword, anything) for shape in (old, new))
        if (one or other) and not (one.value is False or other.value is False):
            yield one, other
    for name in {**value(old, "properties", {}), **value(new, "properties", {})}:
        one, other = property_of(old, name), property_of(new, name)
        if one and other:
            yield one, other
