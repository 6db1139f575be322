"""The fields and schemas that every subject shares."""

import re
from collections.abc import Iterator
from enum import StrEnum

from marshmallow import (
    EXCLUDE,
    RAISE,
    Schema,
    ValidationError,
    fields,
    post_load,
    validate,
)

KEBAB_CASE = r"[a-z0-9]+(-[a-z0-9]+)*"
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
SNAKE_CASE = r"[a-z][a-z0-9]*(_[a-z0-9]+)*"


class FileSchema(Schema):
    """A content file, or a part of one: unknown keys are errors.

    Loading makes a `builds`, with lists as tuples; without one, plain data.
    """

    builds: type | None = None
    error_messages = {"unknown": "unknown key"}

    class Meta:
        unknown = RAISE

    @post_load
    def build(self, data, **kwargs):
        frozen = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in data.items()
        }
        return self.builds(**frozen) if self.builds else frozen


CLOSING = ("language", "translation", "attribution", "links")
"""What every published thing has and few readers look for: it comes last."""


class ResponseSchema(Schema):
    """A part of an answer. Clients must accept new fields, so the spec allows them."""

    class Meta:
        unknown = EXCLUDE

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        last = {key: self.fields[key] for key in CLOSING if key in self.fields}
        first = {key: self.fields[key] for key in self.fields if key not in last}
        self.fields = self.dump_fields = {**first, **last}

    def dump(self, obj, *, many=None):
        """Absent and null mean the same, and absent is shorter: nulls are left out."""
        return _without_nulls(super().dump(obj, many=many))


def _without_nulls(value):
    if isinstance(value, dict):
        return {k: _without_nulls(v) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [_without_nulls(entry) for entry in value]
    return value


class Text(fields.String):
    """Words for people, to be translated: at most `longest` characters, never empty."""

    def __init__(self, longest: int = 2000, **kwargs):
        kwargs.setdefault("required", True)
        super().__init__(**kwargs)
        self.longest = longest

    def _deserialize(self, value, attr, data, **kwargs):
        text = super()._deserialize(value, attr, data, **kwargs)
        if problem := self.problem_with(text):
            raise ValidationError(problem)
        return text

    def problem_with(self, text) -> str | None:
        """What is wrong with `text`, or None."""
        if not isinstance(text, str):
            return "must be text"
        if not text.strip():
            return "must not be empty"
        if text != text.strip():
            return "must not begin or end with space"
        if CONTROL_CHARACTERS.search(text):
            return "must not contain line breaks or control characters"
        if len(text) > self.longest:
            return f"is {len(text)} characters long, at most {self.longest} fit"
        return None


class Keywords(fields.List):
    """Search words; a translation may have more or fewer of them than the original."""

    def __init__(self, **kwargs):
        super().__init__(Text(60), load_default=list, **kwargs)

    def problem_with(self, words) -> str | None:
        """What is wrong with `words`, or None."""
        if not isinstance(words, list):
            return "must be a list"
        problems = (Text(60).problem_with(word) for word in words)
        return next(filter(None, problems), None)


class Slug(fields.String):
    """A stable id in kebab-case, or in snake_case where `pattern` says so."""

    def __init__(self, pattern: str = KEBAB_CASE, **kwargs):
        kwargs.setdefault("required", True)
        super().__init__(
            validate=validate.Regexp(
                pattern + r"\Z", error=f"must match {pattern}, not {{input!r}}"
            ),
            **kwargs,
        )


class Reference(fields.String):
    """The id of something of the kind `to`; the loader checks that it exists."""

    def __init__(self, to: str, **kwargs):
        kwargs.setdefault("required", True)
        super().__init__(**kwargs)
        self.to = to


def references(to: str, **kwargs) -> fields.List:
    """A list of ids, each at most once."""
    return fields.List(Reference(to), validate=_unique, **kwargs)


def texts(longest: int = 600, **kwargs) -> fields.List:
    """A list of texts; where the key stands, the list is not empty."""
    if "load_default" not in kwargs:
        kwargs.setdefault("required", True)
    return fields.List(Text(longest), validate=_not_empty, **kwargs)


def one_of(vocabulary: type[StrEnum], **kwargs) -> fields.Enum:
    """One value of a closed vocabulary."""
    kwargs.setdefault("required", True)
    return fields.Enum(vocabulary, by_value=True, **kwargs)


def some_of(vocabulary: type[StrEnum], **kwargs) -> fields.List:
    """Values of a closed vocabulary: at least one, each at most once."""
    return fields.List(
        one_of(vocabulary), required=True, validate=[_not_empty, _unique], **kwargs
    )


def nested_list(schema: type[Schema], **kwargs) -> fields.List:
    """A list of objects, not empty where the key stands."""
    if "load_default" not in kwargs:
        kwargs.setdefault("required", True)
    return fields.List(fields.Nested(schema), validate=_not_empty, **kwargs)


def whole_number(minimum: int, maximum: int, **kwargs) -> fields.Integer:
    if "load_default" not in kwargs:
        kwargs.setdefault("required", True)
    return fields.Integer(
        strict=True, validate=validate.Range(minimum, maximum), **kwargs
    )


def _not_empty(values: list) -> None:
    if not values:
        raise ValidationError("must not be empty")


def _unique(values: list) -> None:
    repeated = sorted({str(value) for value in values if values.count(value) > 1})
    if repeated:
        raise ValidationError(f"must not repeat {', '.join(repeated)}")


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
        yield keys, messages
