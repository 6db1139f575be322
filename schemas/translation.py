"""Which parts of a content file are words, and how a translation replaces them.

A translation has the shape of the original with only the texts left; a list of
objects becomes a mapping from their ids. Paths are tuples of keys and list indexes.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Any

from marshmallow import Schema, fields

from api.domain.conditions import facts_in, questions_in
from schemas.base import Keywords, Reference, Text
from schemas.conditions import ConditionField, read_condition

Path = tuple[str | int, ...]


def leaves(
    schema: Schema, data, path: Path = ()
) -> Iterator[tuple[Path, fields.Field, Any]]:
    """Every value of valid `data` with its path and the field that reads it."""
    for name, field in schema.fields.items():
        key = field.data_key or name
        if key in data:
            yield from _leaves_of(field, data[key], (*path, key))


def _leaves_of(field, value, path: Path):
    if isinstance(field, fields.Nested):
        yield from leaves(field.schema, value, path)
    elif isinstance(field, fields.List) and not isinstance(field, Keywords):
        for index, entry in enumerate(value):
            yield from _leaves_of(field.inner, entry, (*path, index))
    else:
        yield path, field, value


def text_paths(schema: Schema, data) -> dict[Path, tuple[Path, fields.Field]]:
    """Paths of the texts of `data`: as a translation has them -> as `data` has them."""
    return {
        _by_id(data, path): (path, field)
        for path, field, _ in leaves(schema, data)
        if isinstance(field, Text | Keywords)
    }


def _by_id(data, path: Path) -> Path:
    """`path`, with the id of the object in place of its index in a list."""
    named = []
    for key in path:
        data = data[key]
        identified = isinstance(key, int) and isinstance(data, dict)
        named.append(id_of(data) if identified else key)
    return tuple(named)


def id_of(entry: dict):
    """What an object in a list is called by; choices have a value for it."""
    return entry.get("id", entry.get("value"))


def flatten(data, path: Path = ()) -> dict[Path, object]:
    """Every scalar of `data` by its path; `keywords` count as one value."""
    entries: Iterable[tuple[Any, Any]]
    if isinstance(data, dict):
        entries = data.items()
    elif isinstance(data, list) and path[-1:] != ("keywords",):
        entries = enumerate(data)
    else:
        return {path: data}
    flat: dict[Path, object] = {}
    for key, value in entries:
        flat |= flatten(value, (*path, key))
    return flat


def value_at(data, path: Path):
    for key in path:
        data = data[key]
    return data


def translated(data, paths: dict, texts: dict[Path, object]):
    """A copy of `data` with the texts of its translation in place of its own."""
    copy = deepcopy(data)
    for named, (path, _) in paths.items():
        value_at(copy, path[:-1])[path[-1]] = texts[named]
    return copy


def fingerprint(data, paths: dict) -> str:
    """Twelve hexadecimal digits that change when any text of `data` does."""
    words = [
        [list(map(str, named)), value_at(data, path)]
        for named, (path, _) in paths.items()
    ]
    canonical = json.dumps(sorted(words), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


def references_in(schema: Schema, data) -> Iterator[tuple[Path, str, str]]:
    """Every reference of valid `data`: its path, the kind it points to, the id."""
    for path, field, value in leaves(schema, data):
        if isinstance(field, Reference):
            yield path, field.to, value
        elif isinstance(field, ConditionField):
            condition = read_condition(value)
            yield from ((path, "risk-questions", id) for id in questions_in(condition))
            yield from ((path, "facts", id) for id in facts_in(condition))
