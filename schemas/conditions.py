"""The rule language as data: read from a file, written into an answer."""

from collections.abc import Callable

from marshmallow import ValidationError, fields

from api.domain.conditions import (
    COMPARISONS,
    AllOf,
    AnyOf,
    AtLeast,
    Comparison,
    Condition,
    FactReference,
    Not,
)
from schemas.base import ResponseSchema


class ConditionField(fields.Field):
    """A condition of the rule language, in the forms of `api.domain.conditions`."""

    def __init__(self, **kwargs):
        kwargs.setdefault("required", True)
        super().__init__(**kwargs)

    def _deserialize(self, value, attr, data, **kwargs) -> Condition:
        return read_condition(value)

    def _serialize(self, value, attr, obj, **kwargs):
        return None if value is None else write_condition(value)


def read_condition(data) -> Condition:
    """`data` as a condition; ValidationError, with the path inside, when it is none."""
    if not isinstance(data, dict):
        raise ValidationError("a condition is a mapping")
    rest = {key: value for key, value in data.items() if key != "if_unknown"}
    if_unknown = data.get("if_unknown")
    if "if_unknown" in data and not isinstance(if_unknown, bool):
        raise ValidationError({"if_unknown": ["must be true or false"]})
    if read := _FORMS.get(frozenset(rest)):
        return read(rest, if_unknown)
    if set(rest) > {"question"}:
        return _read_comparison(rest, if_unknown)
    raise ValidationError(
        f"is not a condition: {', '.join(map(str, data)) or 'empty'}; use question with"
        f" one of {', '.join(COMPARISONS)}, or fact, all, any, not, at_least with of"
    )


def _read_parts(key: str, data: dict) -> tuple[Condition, ...]:
    parts = data[key]
    if not isinstance(parts, list) or not parts:
        raise ValidationError({key: ["must be a list of conditions, not empty"]})
    read = []
    errors = {}
    for index, part in enumerate(parts):
        try:
            read.append(read_condition(part))
        except ValidationError as error:
            errors[index] = error.messages
    if errors:
        raise ValidationError({key: errors})
    return tuple(read)


def _read_not(data: dict, if_unknown: bool | None) -> Not:
    try:
        return Not(read_condition(data["not"]), if_unknown)
    except ValidationError as error:
        raise ValidationError({"not": error.messages}) from error


def _read_at_least(data: dict, if_unknown: bool | None) -> AtLeast:
    count, questions = data["at_least"], data["of"]
    if not isinstance(questions, list) or not questions or not _are_texts(questions):
        raise ValidationError({"of": ["must be a list of question ids, not empty"]})
    if isinstance(count, bool) or not isinstance(count, int):
        raise ValidationError({"at_least": ["must be a whole number"]})
    if not 1 <= count <= len(questions):
        raise ValidationError({"at_least": [f"must be 1 to {len(questions)}"]})
    if len(set(questions)) < len(questions):
        raise ValidationError({"of": ["must not repeat a question"]})
    return AtLeast(count, tuple(questions), if_unknown)


def _read_comparison(data: dict, if_unknown: bool | None) -> Comparison:
    question, comparison = _id(data, "question"), _comparison(data)
    value = data[comparison]
    if comparison == "in":
        if not isinstance(value, list) or not value or not _are_texts(value):
            raise ValidationError({"in": ["must be a list of choices, not empty"]})
        return Comparison(question, "in", tuple(value), if_unknown)
    if comparison == "is" and not isinstance(value, str):
        raise ValidationError({"is": ["must be yes, no or a choice"]})
    if comparison != "is" and not _is_number(value):
        raise ValidationError({comparison: ["must be a number"]})
    return Comparison(question, comparison, value, if_unknown)


def _comparison(data: dict) -> str:
    keys = [key for key in data if key != "question"]
    if len(keys) != 1 or keys[0] not in COMPARISONS:
        raise ValidationError(f"needs one of {', '.join(COMPARISONS)} beside question")
    return keys[0]


def _id(data: dict, key: str) -> str:
    if not isinstance(data[key], str):
        raise ValidationError({key: ["must be an id"]})
    return data[key]


def _are_texts(values: list) -> bool:
    return all(isinstance(value, str) for value in values)


def _is_number(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_FORMS: dict[frozenset[str], Callable[[dict, bool | None], Condition]] = {
    frozenset({"fact"}): lambda data, unknown: FactReference(
        _id(data, "fact"), unknown
    ),
    frozenset({"all"}): lambda data, unknown: AllOf(_read_parts("all", data), unknown),
    frozenset({"any"}): lambda data, unknown: AnyOf(_read_parts("any", data), unknown),
    frozenset({"not"}): _read_not,
    frozenset({"at_least", "of"}): _read_at_least,
}


def write_condition(condition: Condition) -> dict:
    """`condition` in the form that `read_condition` reads."""
    data = _write_form(condition)
    if condition.if_unknown is not None:
        data["if_unknown"] = condition.if_unknown
    return data


def _write_form(condition: Condition) -> dict:
    match condition:
        case Comparison(question, comparison, value):
            listed = list(value) if isinstance(value, tuple) else value
            return {"question": question, comparison: listed}
        case AtLeast(count, questions):
            return {"at_least": count, "of": list(questions)}
        case FactReference(fact):
            return {"fact": fact}
        case AllOf(parts):
            return {"all": [write_condition(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [write_condition(part) for part in parts]}
        case Not(part):
            return {"not": write_condition(part)}


class StatementResponse(ResponseSchema):
    """A condition with a name and with words: a fact, or a class of a score."""

    id = fields.String(required=True)
    text = fields.String(required=True)
    when = ConditionField()
