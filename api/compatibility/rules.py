"""The kinds of break outside of schemas, in one table for each part of an operation."""

from collections.abc import Callable, Iterator
from typing import Any

from api.compatibility.description import Operation, Part
from api.compatibility.findings import Change, Rule, words
from api.compatibility.wordless import wordless

STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
"""How parameters are written where they do not say."""

CREDENTIALS = ("type", "in", "name", "scheme", "openIdConnectUrl", "flows")

Check = Callable[[Part, Part], Iterator[Change]]


def gone(old: Part, new: Part) -> Iterator[Change]:
    if old and not new:
        yield Change(old.place, "there", "gone")


def needed(old: Part, new: Part) -> Iterator[Change]:
    if new.child("required").value and not old.child("required").value:
        was = "optional" if old else "not there"
        yield Change(old.place or new.place, was, "required")


def no_longer_sure(old: Part, new: Part) -> Iterator[Change]:
    if old.child("required").value and new and not new.child("required").value:
        yield Change(old.place, "required", "optional")


def operation_gone(old: Operation, new: Operation) -> Iterator[Change]:
    yield from gone(old.part, new.part)


def id_changed(old: Operation, new: Operation) -> Iterator[Change]:
    was, now = (o.part.child("operationId") for o in (old, new))
    if new.part and was and was.value != now.value:
        yield Change(was.pointer, words(was.value), words(now.value))


def path_parameter_renamed(old: Operation, new: Operation) -> Iterator[Change]:
    for was, now in zip(old.path_parameters, new.path_parameters, strict=False):
        if was != now:
            yield Change(old.item.pointer, words(was), words(now))


def security_added(old: Operation, new: Operation) -> Iterator[Change]:
    """Each way to be let in must still do, be it with more than is needed."""
    ways = _security(new)
    for way in _security(old) if new.part else ():
        if not any(_satisfies(way, wanted) for wanted in ways):
            yield Change(f"{old.part.pointer}/security", words(way), words(ways))


def _security(operation: Operation) -> list[dict]:
    """The ways to be let in, an empty one where nothing is asked."""
    own = operation.part.child("security")
    everywhere = Part(operation.part.root, "", operation.part.root).child("security")
    return (own if own else everywhere).value or [{}]


def _satisfies(way: dict, wanted: dict) -> bool:
    return all(
        scheme in way and set(scopes) <= set(way[scheme])
        for scheme, scopes in wanted.items()
    )


def credentials_changed(old: Operation, new: Operation) -> Iterator[Change]:
    """What a scheme of security wants, where both ask for it."""
    for name in sorted({name for way in _security(old) for name in way}):
        was, now = (_scheme(operation, name) for operation in (old, new))
        if was and now and any(was.at(k).value != now.at(k).value for k in CREDENTIALS):
            yield Change(was.pointer, words(was.value), words(now.value))


def _scheme(operation: Operation, name: str) -> Part:
    whole = Part(operation.part.root, "", operation.part.root)
    return whole.at("components").at("securitySchemes").at(name)


def style_changed(old: Part, new: Part) -> Iterator[Change]:
    if old and new and _style(old) != _style(new):
        yield Change(old.place, words(_style(old)), words(_style(new)))


def _style(parameter: Part) -> dict[str, Any]:
    """How a parameter is written, with what it does not say filled in."""
    written = parameter.value
    style = written.get("style", STYLES[written["in"]])
    return {
        "style": style,
        "explode": written.get("explode", style == "form"),
        "allowReserved": written.get("allowReserved", False),
        "content": sorted(written.get("content", ())),
    }


def succeeds_anew(old: Part, new: Part) -> Iterator[Change]:
    """Who knew one good answer may get another. 304 gets only who sent a condition."""
    status = new.place.rpartition("/")[2] if not old else ""
    if status[:1] in ("2", "3") and status != "304":
        yield Change(new.place, "not there", "there")


def unjudged(*keys: str) -> Check:
    """A check that nothing has changed under `keys`, which no rule can judge."""

    def check(old: Any, new: Any) -> Iterator[Change]:
        for key in keys:
            was, now = old.child(key), new.child(key)
            if old and new and wordless(was.value) != wordless(now.value):
                yield Change(was.pointer, words(was.value), words(now.value))

    return check


OPERATION = (
    Rule("operation-removed", "An address or a method is gone.", operation_gone),
    Rule("operation-id-changed", "Generated clients lose a method.", id_changed),
    Rule(
        "path-parameter-renamed",
        "Generated clients lose an argument.",
        path_parameter_renamed,
    ),
    Rule("security-added", "Credentials that sufficed do not.", security_added),
    Rule(
        "security-scheme-changed",
        "Credentials go elsewhere, or are others.",
        credentials_changed,
    ),
    Rule(
        "cannot-judge",
        "No rule knows what this does.",
        lambda old, new: unjudged("callbacks", "servers")(old.part, new.part),
    ),
)
PARAMETER = (
    Rule("parameter-removed", "A parameter is refused or ignored.", gone),
    Rule("parameter-required", "A parameter must now be sent.", needed),
    Rule("parameter-style-changed", "It is written in another way.", style_changed),
)
BODY = (
    Rule("request-body-removed", "No body is taken.", gone),
    Rule("request-body-required", "A body must now be sent.", needed),
)
FORM = (
    Rule("request-media-type-removed", "A form of the body is not taken.", gone),
    Rule("cannot-judge", "No rule knows what this does.", unjudged("encoding")),
)
ANSWER = (
    Rule("response-removed", "A status is no longer described.", gone),
    Rule("success-added", "A good answer of another status.", succeeds_anew),
)
HEADER = (
    Rule("response-header-removed", "A header is gone.", gone),
    Rule("response-header-optional", "A header may be absent.", no_longer_sure),
)
ANSWER_FORM = (
    Rule("response-media-type-removed", "An answer has no such form.", gone),
)
