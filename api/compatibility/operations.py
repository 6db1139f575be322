"""Two descriptions side by side: what belongs together, held against every rule."""

from collections.abc import Iterable, Mapping
from typing import Any

from api.compatibility.description import NOTHING, Operation, Part, operations
from api.compatibility.findings import Finding, Found, Rule, applied
from api.compatibility.rules import (
    ANSWER,
    ANSWER_FORM,
    BODY,
    FORM,
    HEADER,
    OPERATION,
    PARAMETER,
)
from api.compatibility.schemas import Sent, compared

NO_OPERATION = Operation("", "", NOTHING, NOTHING)


def compare(before: dict, after: dict) -> list[Finding]:
    """Every break between two descriptions, each operation for itself."""
    old, new = operations(before), operations(after)
    found = [
        Finding(rule, operation.name, change)
        for key, operation in old.items()
        for rule, change in _of_operation(operation, new.get(key, NO_OPERATION))
    ]
    return list(dict.fromkeys(found))


def _of_operation(old: Operation, new: Operation) -> Found:
    yield from applied(OPERATION, old, new)
    if not new.part:
        return
    yield from _of_each(PARAMETER, old.parameters, new.parameters, Sent.IN)
    yield from _of_body(old.part.at("requestBody"), new.part.at("requestBody"))
    yield from _of_answers(old.part.at("responses"), new.part.at("responses"))


def _of_body(old: Part, new: Part) -> Found:
    yield from applied(BODY, old, new)
    if old and new:
        yield from _of_each(FORM, _forms(old), _forms(new), Sent.IN)


def _of_answers(old: Part, new: Part) -> Found:
    ours, theirs = old.children(), new.children()
    for status in {**ours, **theirs}:
        one, other = _answer_for(status, ours), _answer_for(status, theirs)
        yield from applied(ANSWER, one, other)
        if one and other:
            yield from _of_each(HEADER, _headers(one), _headers(other), Sent.OUT)
            yield from _of_each(ANSWER_FORM, _forms(one), _forms(other), Sent.OUT)


def _of_each(
    rules: Iterable[Rule], old: Mapping[Any, Part], new: Mapping[Any, Part], sent: Sent
) -> Found:
    """What is found in parts that have a schema, such as parameters, by their keys."""
    for key in {**old, **new}:
        one, other = old.get(key, NOTHING), new.get(key, NOTHING)
        yield from applied(rules, one, other)
        if one and other:
            yield from compared(_schema(one), _schema(other), sent)


def _answer_for(status: str, answers: dict[str, Part]) -> Part:
    """What describes a status: itself, its hundred, or the default."""
    for key in (status, f"{status[0]}XX", "default"):
        if key in answers:
            return answers[key]
    return NOTHING


def _headers(answer: Part) -> dict[str, Part]:
    return {name.lower(): p for name, p in answer.at("headers").children().items()}


def _forms(part: Part) -> dict[str, Part]:
    """What a body may be, by media type."""
    return {name.lower(): p for name, p in part.at("content").children().items()}


def _schema(part: Part) -> Part:
    """The schema of a part; a parameter may have one media type in place of it."""
    forms = list(_forms(part).values())
    return (forms[0] if forms else part).child("schema")
