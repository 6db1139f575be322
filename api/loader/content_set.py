"""The files of content/, read and held against their schemas, one by one."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from marshmallow import ValidationError

from api.loader.kinds import DOCUMENTS, FOLDERS, NOTES, is_content, schema_for
from api.loader.problems import Problem, located
from api.loader.strict_yaml import Document, YamlProblem, read_document
from schemas.base import Keywords, Text, flat_errors
from schemas.translation import fingerprint, flatten, id_of, text_paths, value_at

ORIGINAL = "en"
TRANSLATIONS = "translations"
RELEASES = "releases"
STAMP = "translates"
"""The key in which a translation records the fingerprint of its English text."""

PLACEHOLDER = re.compile(r"\{\w*\}")


@dataclass(slots=True)
class ContentSet:
    """Valid documents by name, e.g. `causes/alcohol`; `names` has the broken ones too.

    `loaded` is what the schema made of each valid original.
    `translations` are by language and name; `outdated` tells of those that the English
    text has left behind, in the same form as problems.
    """

    root: Path
    names: set[str] = field(default_factory=set)
    originals: dict[str, Document] = field(default_factory=dict)
    loaded: dict[str, Any] = field(default_factory=dict)
    translations: dict[str, dict[str, Document]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    outdated: list[Problem] = field(default_factory=list)

    def report(self, document: Document, keys: tuple, message: str) -> None:
        """Add a problem of `document` at `keys`."""
        line = document.line(keys)
        self.problems.append(Problem(document.path, line, located(keys, message)))

    def is_outdated(self, language: str, name: str) -> bool:
        path = self.translations[language][name].path
        return any(notice.path == path for notice in self.outdated)

    def of_kind(self, folder: str) -> Iterator[tuple[str, Document, Any]]:
        """The valid documents of a folder: id, document and what was loaded, by id."""
        for name in sorted(self.originals):
            kind, _, id = name.partition("/")
            if kind == folder and name not in NOTES:
                yield id, self.originals[name], self.loaded[name]


def read_content(root: Path) -> ContentSet:
    """Everything under `root`, with every problem of single files and translations."""
    content = ContentSet(root)
    for path in sorted(root.rglob("*")):
        if path.is_file():
            _place(content, path)
    _report_what_is_missing(content)
    for language in sorted(content.translations):
        _check_translations(content, language)
    return content


def digest(root: Path) -> str:
    """The sha256 of all that a release is made of: every file but the releases."""
    whole = hashlib.sha256()
    for path in sorted(root.rglob("*.yaml")):
        if path.parent.name != RELEASES:
            name = path.relative_to(root).as_posix()
            part = hashlib.sha256(path.read_bytes()).hexdigest()
            whole.update(f"{name} {part}\n".encode())
    return whole.hexdigest()


def _place(content: ContentSet, path: Path) -> None:
    parts = path.relative_to(content.root).with_suffix("").parts
    language = ORIGINAL
    if parts[0] == TRANSLATIONS and len(parts) > 2:
        language, parts = parts[1], parts[2:]
    name = "/".join(parts)
    if path.suffix != ".yaml" or not is_content(name):
        content.problems.append(Problem(path, 0, "is not a content file: remove it"))
        return
    document = _read(content, path)
    if language == ORIGINAL:
        content.names.add(name)
        if document:
            _load(content, name, document)
    else:
        shelf = content.translations.setdefault(language, {})
        if document:
            shelf[name] = document


def _read(content: ContentSet, path: Path) -> Document | None:
    try:
        return read_document(path)
    except YamlProblem as problem:
        content.problems.append(Problem(path, problem.line, problem.message))
        return None


def _load(content: ContentSet, name: str, document: Document) -> None:
    """Keep `document` and what it loads to, or report everything that is wrong."""
    found = list(_repeated_ids(document.data))
    if document.data.get("id") != document.path.stem:
        message = f"must be {document.path.stem!r}, the name of the file"
        found.append((("id",), message))
    try:
        loaded = schema_for(name).load(document.data)
    except ValidationError as error:
        found.extend(flat_errors(error.messages))
    for keys, message in found:
        content.report(document, keys, message)
    if not found:
        content.originals[name] = document
        content.loaded[name] = loaded


def _repeated_ids(data, keys: tuple = ()) -> Iterator[tuple[tuple, str]]:
    """Ids that stand twice in one list of objects: translations need them single."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _repeated_ids(value, (*keys, key))
    elif isinstance(data, list):
        seen = set()
        for index, entry in enumerate(data):
            yield from _repeated_ids(entry, (*keys, index))
            id = id_of(entry) if isinstance(entry, dict) else None
            if isinstance(id, str) and id in seen:
                yield (*keys, index), f"the id {id!r} stands twice"
            seen.add(str(id))


def _report_what_is_missing(content: ContentSet) -> None:
    for name in DOCUMENTS:
        if name not in content.names:
            path = content.root / f"{name}.yaml"
            content.problems.append(Problem(path, 0, "is missing"))
    for folder in FOLDERS:
        names = content.names - NOTES.keys()
        if not any(name.startswith(f"{folder}/") for name in names):
            path = content.root / folder
            content.problems.append(Problem(path, 0, "no content here"))


def _check_translations(content: ContentSet, language: str) -> None:
    shelf = content.translations[language]
    for name, document in shelf.items():
        if name not in content.names:
            content.report(document, (), "translates nothing: there is no original")
    for name, original in content.originals.items():
        paths = text_paths(schema_for(name), original.data)
        if name in shelf:
            _check_translation(content, name, shelf[name], paths)
        elif paths:
            path = content.root / TRANSLATIONS / language / f"{name}.yaml"
            if not path.exists():
                content.problems.append(Problem(path, 0, "is missing"))


def _check_translation(
    content: ContentSet, name: str, translation: Document, paths: dict
) -> None:
    original = content.originals[name].data
    found = flatten(translation.data)
    stamp = found.pop((STAMP,), None)
    for keys in found.keys() - paths.keys():
        content.report(translation, keys, "is not a text of the original")
    for keys, (path, text) in paths.items():
        if keys not in found:
            content.report(translation, keys, "is not translated")
        elif problem := _problem_with(text, found[keys], value_at(original, path)):
            content.report(translation, keys, problem)
    wanted = fingerprint(original, paths)
    if stamp != wanted:
        message = (
            f"the English text is not the one that was translated; update the text,"
            f" then set {STAMP}: '{wanted}'"
        )
        line = translation.line((STAMP,))
        content.outdated.append(Problem(translation.path, line, message))


def _problem_with(field: Text | Keywords, value, original) -> str | None:
    """What is wrong with a translated value: a text, or a list of keywords."""
    problem = field.problem_with(value)
    if problem or isinstance(field, Keywords):
        return problem
    wanted, found = set(PLACEHOLDER.findall(original)), set(PLACEHOLDER.findall(value))
    if wanted != found:
        return f"must have the same {{…}} as the original: {', '.join(sorted(wanted))}"
    return None
