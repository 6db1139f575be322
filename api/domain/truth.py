"""Three-valued logic: a statement is true, false, or not known yet (Kleene's K3).

Unknown has no truthiness: `if unknown:` would silently say "no risk", so it raises.
"""

from collections.abc import Iterable
from enum import Enum


class Truth(Enum):
    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        raise TypeError("a Truth is not a bool: compare it with `is`")


TRUE, FALSE, UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def of(value: bool) -> Truth:
    return TRUE if value else FALSE


def negation(truth: Truth) -> Truth:
    """Unknown stays unknown."""
    if truth is UNKNOWN:
        return UNKNOWN
    return FALSE if truth is TRUE else TRUE


def all_of(truths: Iterable[Truth]) -> Truth:
    """FALSE as soon as one is; else UNKNOWN as soon as one is."""
    return _combined(truths, decisive=FALSE, otherwise=TRUE)


def any_of(truths: Iterable[Truth]) -> Truth:
    """TRUE as soon as one is; else UNKNOWN as soon as one is."""
    return _combined(truths, decisive=TRUE, otherwise=FALSE)


def at_least(count: int, true: int, unknown: int) -> Truth:
    """Whether `count` hold when `true` do and `unknown` more may."""
    if true >= count:
        return TRUE
    return UNKNOWN if true + unknown >= count else FALSE


def _combined(truths: Iterable[Truth], decisive: Truth, otherwise: Truth) -> Truth:
    result = otherwise
    for truth in truths:
        if truth is decisive:
            return decisive
        if truth is UNKNOWN:
            result = UNKNOWN
    return result
