"""What is wrong with a content file, and where."""

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


def located(keys: tuple, message: str) -> str:
    """`message` behind the path that it is about."""
    path = ".".join(map(str, keys))
    return f"{path}: {message}" if path else message
