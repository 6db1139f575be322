"""YAML as editors expect it, with the line of every key.

Yes, no, on and 22:30 stay text; a key is text and stands once; no aliases, no tags.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml


class YamlProblem(Exception):
    """`message` about `line` (from 1) of a file that is not strict YAML."""

    def __init__(self, line: int, message: str):
        self.line, self.message = line, message
        super().__init__(f"line {line}: {message}")


class _StrictLoader(yaml.CSafeLoader):
    """libyaml's parser, far faster than the Python one, with our own scalars."""

    yaml_implicit_resolvers: dict = {}

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _refusal("a key must be text", key.start_mark)
            if key.value in seen:
                raise _refusal(f"duplicate key {key.value!r}", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _refusal(message: str, mark: yaml.Mark) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=message, problem_mark=mark)


for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("int", r"-?(?:0|[1-9][0-9]*)", "-0123456789"),
    ("float", r"-?(?:0|[1-9][0-9]*)\.[0-9]+", "-0123456789"),
    ("null", r"~|null|", ["~", "n", ""]),
):
    _StrictLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), list(_first)
    )


@dataclass(frozen=True, slots=True)
class Document:
    """The data of one file, and where each part of it stands."""

    path: Path
    data: dict
    node: yaml.MappingNode

    def line(self, keys=()) -> int:
        """The line, from 1, of the deepest part that `keys` still lead to."""
        node, line = self.node, self.node.start_mark.line
        for key in keys:
            found = _step(node, key)
            if found is None:
                break
            line, node = found
        return line + 1


def _step(node: yaml.Node, key) -> tuple[int, yaml.Node] | None:
    """Where `key` of `node` stands, and its value; None when there is no such key."""
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int):
        if key < len(node.value):
            return node.value[key].start_mark.line, node.value[key]
    elif isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == str(key):
                return name.start_mark.line, value
    return None


def read_document(path: Path) -> Document:
    """The file at `path`, which must hold one mapping; YamlProblem when it does not."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise YamlProblem(line, "is not UTF-8 text") from error
    loader = _StrictLoader(text)
    try:
        node = loader.get_single_node()
        _refuse_cleverness(node, loader, set())
        data = loader.construct_document(node) if node else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlProblem(mark.line + 1, error.problem or str(error)) from error
    except yaml.YAMLError as error:
        raise YamlProblem(1, str(error).splitlines()[0]) from error
    finally:
        loader.dispose()
    if not isinstance(data, dict):
        raise YamlProblem(1, "must be a mapping, not empty")
    return Document(path, data, node)


def _refuse_cleverness(
    node: yaml.Node | None, loader: _StrictLoader, seen: set[int]
) -> None:
    """Refuse aliases (nodes that stand in two places) and explicit tags."""
    if node is None:
        return
    if id(node) in seen:
        raise _refusal("aliases are not allowed: write it out", node.start_mark)
    seen.add(id(node))
    plain = isinstance(node, yaml.ScalarNode) and not node.style
    if node.tag != loader.resolve(type(node), node.value, (plain, not plain)):
        raise _refusal("tags are not allowed", node.start_mark)
    if isinstance(node, yaml.CollectionNode):
        for entry in node.value:
            for part in entry if isinstance(entry, tuple) else (entry,):
                _refuse_cleverness(part, loader, seen)
