"""The ids by which a request is found in the logs, here and at its client."""

import re
from collections.abc import Callable
from random import getrandbits
from typing import NamedTuple

REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:=+/-]{0,127}")
"""What is taken over from a client: nothing that could forge a line of a log."""

TRACEPARENT = re.compile(
    r"(?P<version>[0-9a-f]{2})-(?P<trace>[0-9a-f]{32})-(?P<parent>[0-9a-f]{16})"
    r"-[0-9a-f]{2}(?P<more>-.*)?"
)
"""W3C Trace Context, https://www.w3.org/TR/trace-context/#traceparent-header"""


class Identity(NamedTuple):
    """Of one request; `trace` and `parent` are empty when nobody traces it."""

    request: str
    trace: str = ""
    parent: str = ""


def identify(header: Callable[[str], str | None]) -> Identity:
    """The ids that the headers of a request bring, or a new one.

    `header` gives the value of a header by its name in lower case, or None.
    """
    sent, traced = header("x-request-id"), header("traceparent")
    if sent is None and traced is None:
        return Identity(_new())
    trace, parent = _trace(traced or "")
    usable = sent is not None and REQUEST_ID.fullmatch(sent)
    return Identity(sent if usable and sent else trace or _new(), trace, parent)


def _new() -> str:
    """Like no other one; that is all it has to be."""
    return f"{getrandbits(128):032x}"


def _trace(text: str) -> tuple[str, str]:
    """Trace and parent of a valid `traceparent`; what is invalid counts as none."""
    found = TRACEPARENT.fullmatch(text)
    if found is None or found["version"] == "ff":
        return "", ""
    if found["version"] == "00" and found["more"]:
        return "", ""
    if not (int(found["trace"], 16) and int(found["parent"], 16)):
        return "", ""
    return found["trace"], found["parent"]
