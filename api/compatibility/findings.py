"""What a comparison finds, and the rules that find it."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

LONGEST_WORDS = 100


class Change(NamedTuple):
    """What was and what is now at a JSON pointer.

    The pointer leads into the old description, or, where that has nothing to point
    to, into the new one.
    """

    pointer: str
    was: str
    now: str


class Rule(NamedTuple):
    """A kind of break. `check` gets the old part and the new; either may be missing."""

    id: str
    means: str
    check: Callable[[Any, Any], Iterable[Change]]


Found = Iterator[tuple[str, Change]]
"""Changes, each with the id of the rule that found it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A break: the rule, the operation that it breaks, and the change."""

    rule: str
    operation: str
    change: Change


def applied(rules: Iterable[Rule], old: Any, new: Any) -> Found:
    """What each of `rules` finds."""
    for rule in rules:
        for change in rule.check(old, new):
            yield rule.id, change


def words(value: Any) -> str:
    """A value as it stands in the description, shortened where it is long."""
    said = json.dumps(value, ensure_ascii=False)
    return said if len(said) <= LONGEST_WORDS else f"{said[: LONGEST_WORDS - 1]}…"


def listed(findings: Iterable[Finding]) -> Iterator[str]:
    """Findings in words; what several operations share is said once."""
    sharing: dict[tuple[str, Change], list[str]] = {}
    for finding in findings:
        operations = sharing.setdefault((finding.rule, finding.change), [])
        operations.append(finding.operation)
    for (rule, change), operations in sharing.items():
        more = f" and {len(operations) - 1} more" if len(operations) > 1 else ""
        yield (
            f"{rule}: {operations[0]}{more}: #{change.pointer}:"
            f" was {change.was}, is {change.now}"
        )
