"""A description as parts, each of which knows where it stands; references followed."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
PLACEHOLDER = re.compile(r"\{([^}]*)\}")


class Unreadable(ValueError):
    """A reference that leads nowhere, in circles, or out of the description."""


@dataclass(frozen=True, slots=True)
class Part:
    """A value at a JSON pointer; false, with the value None, where there is none.

    `place` is where it was met, if a reference there led to the pointer.
    """

    root: Any = field(repr=False)
    pointer: str
    value: Any
    place: str = ""

    def __bool__(self) -> bool:
        return self.value is not None

    def child(self, key: str) -> "Part":
        """What stands under `key`, as it is written there."""
        inner: Any = None
        if isinstance(self.value, dict):
            inner = self.value.get(key)
        elif isinstance(self.value, list) and key.isdigit():
            inner = self.value[int(key)] if int(key) < len(self.value) else None
        return Part(self.root, f"{self.pointer}/{_escaped(key)}", inner)

    def at(self, key: str) -> "Part":
        """What stands under `key`, or what a reference there leads to."""
        found = followed(self.child(key))
        return replace(found, place=f"{self.pointer}/{_escaped(key)}")

    def children(self) -> dict[str, "Part"]:
        """What stands under each key of an object, or is at each place of a list."""
        keys = range(len(self.value)) if isinstance(self.value, list) else self.value
        return {str(key): self.at(str(key)) for key in keys or ()}


NOTHING = Part({}, "", None)


def followed(part: Part, beside: Collection[str] | None = None) -> Part:
    """`part`, or what its reference leads to, over as many references as it takes.

    With `beside`, a reference that has other keywords than these beside it says more
    than another name would, and is left as it is.
    """
    seen: set[str] = set()
    while isinstance(part.value, dict) and "$ref" in part.value:
        if beside is not None and not part.value.keys() <= {"$ref", *beside}:
            break
        if part.pointer in seen:
            raise Unreadable(f"#{part.pointer}: the reference goes in circles")
        seen.add(part.pointer)
        part = target(part)
    return part


def target(part: Part) -> Part:
    """What the reference in `part` leads to, which may be a reference again."""
    reference = part.value["$ref"]
    place, found = "", part.root
    if reference.startswith("#/"):
        place = reference[1:]
        for key in map(_unescaped, place[1:].split("/")):
            found = found.get(key) if isinstance(found, dict) else None
    if not place or found is None:
        raise Unreadable(f"#{part.pointer}: {reference} leads nowhere")
    return Part(part.root, place, found)


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _unescaped(key: str) -> str:
    return key.replace("~1", "/").replace("~0", "~")


@dataclass(frozen=True)
class Operation:
    """An operation with what the path around it says."""

    method: str
    path: str
    item: Part
    part: Part

    @property
    def name(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def path_parameters(self) -> list[str]:
        return PLACEHOLDER.findall(self.path)

    @cached_property
    def parameters(self) -> dict[tuple, Part]:
        """Parameters by what they are to a server, wherever they are described."""
        return {
            self._key(parameter): parameter
            for described in (self.item, self.part)
            for parameter in described.at("parameters").children().values()
        }

    def _key(self, parameter: Part) -> tuple:
        """Place and name; of a path only the order counts, of a header no capitals."""
        place, name = parameter.value["in"], parameter.value["name"]
        if place == "path" and name in self.path_parameters:
            return place, self.path_parameters.index(name)
        return place, name.lower() if place == "header" else name


def operations(description: dict) -> dict[tuple[str, str], Operation]:
    """Every operation by method and path, whatever the path parameters are called."""
    paths = Part(description, "", description).at("paths").children()
    return {
        (method, PLACEHOLDER.sub("{}", path)): Operation(method, path, item, part)
        for path, item in paths.items()
        for method in METHODS
        if (part := item.at(method))
    }
