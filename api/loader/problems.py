"""What is wrong with a content file, and where."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """`line` counts from 1; 0 stands for the file or folder as a whole."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class ContentError(Exception):
    """The content cannot be served; `problems` has all that was found."""

    def __init__(self, problems: list[Problem]):
        self.problems = sorted(problems)
        super().__init__("\n".join(map(str, self.problems)))


def flat_errors(messages, keys: tuple = ()) -> Iterator[tuple[tuple, str]]:
    """Marshmallow's tree of errors as pairs of a path and one message."""
    if isinstance(messages, dict):
        for key, value in messages.items():
            deeper = keys if key == "_schema" else (*keys, key)
            yield from flat_errors(value, deeper)
    elif isinstance(messages, list):
        for message in messages:
            yield from flat_errors(message, keys)
    else:
        yield keys, str(messages)


def located(keys: tuple, message: str) -> str:
    """`message` behind the path that it is about."""
    path = ".".join(map(str, keys))
    return f"{path}: {message}" if path else message
