"""The service's own words: its description, its vocabularies, its messages."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class License:
    """`id` is the SPDX id."""

    id: str
    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What the service says of itself.

    `when_out_of_date` is for whoever shows an offline copy past its dates.

    `credit` and, for what only summarises another's work, `credit_source` are
    templates: {title}, {url}, {license}.
    """

    title: str
    description: str
    disclaimer: str
    clinical_review: str
    when_out_of_date: str
    license: License
    credit: str
    credit_source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    id: str
    label: str
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    id: str
    title: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemType:
    """A kind of error; `id` is the last part of its type URI."""

    id: str
    status: int
    title: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """Problem types by id, and message templates by id."""

    problems: Mapping[str, ProblemType]
    templates: Mapping[str, str]


class Message(str):
    """A message by id, with what fills its template; as a str it is the id.

    Validators raise it in place of English prose, so that the answer can be
    written in the language that was asked for.
    """

    __slots__ = ("values",)
    values: Mapping[str, object]

    def __new__(cls, id: str, /, **values: object) -> "Message":
        message = super().__new__(cls, id)
        message.values = values
        return message

    def within(self, messages: Messages) -> str:
        """The words of this message; KeyError when the content does not have it."""
        return messages.templates[self].format_map(self.values)
