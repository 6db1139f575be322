"""Collections: what a client may ask of one, and the envelope it comes in."""

from enum import StrEnum

from marshmallow import RAISE, Schema, ValidationError, fields

from api.domain.evidence import Verdict
from api.domain.texts import Message
from api.domain.vocabulary import Population
from schemas.base import ResponseSchema

PAGE_SIZE = 20
LARGEST_PAGE_SIZE = 100
LAST_PAGE = 10_000
"""A page past the end is empty; past this number it is a mistake."""


class Query(Schema):
    """Query parameters of one operation; what is not declared is refused."""

    error_messages = {"unknown": Message("unknown-parameter")}

    class Meta:
        unknown = RAISE


class LanguageTag(fields.String):
    """A BCP 47 tag; which languages there are is for the content to say."""


class LanguageQuery(Query):
    lang = LanguageTag(
        metadata={
            "description": "Language of the answer, a BCP 47 tag; stronger than "
            "Accept-Language. 406 when there is no such translation.",
            "example": "en",
        }
    )


class Count(fields.Field):
    """A whole number from 1 to `maximum`, written in decimal digits."""

    def __init__(self, maximum: int, **kwargs):
        super().__init__(**kwargs)
        self.maximum = maximum

    def _deserialize(self, value, attr, data, **kwargs) -> int:
        # Nine digits are more than any maximum; int() of thousands would be refused.
        readable = value.isascii() and value.isdigit() and len(value) <= 9
        if readable and 1 <= int(value) <= self.maximum:
            return int(value)
        raise ValidationError(
            Message("not-a-count", value=value, minimum=1, maximum=self.maximum)
        )


class Choice(fields.Enum):
    """One value of a closed vocabulary, refused in the language of the client."""

    def _deserialize(self, value, attr, data, **kwargs):
        try:
            return super()._deserialize(value, attr, data, **kwargs)
        except ValidationError:
            choices = ", ".join(str(value) for value in self.enum)
            message = Message("not-a-choice", value=value, choices=choices)
            raise ValidationError(message) from None


def choice(vocabulary: type[StrEnum], description: str) -> Choice:
    """An optional filter over a closed vocabulary."""
    return Choice(vocabulary, by_value=True, metadata={"description": description})


class ListQuery(LanguageQuery):
    page = Count(LAST_PAGE, load_default=1, metadata={"description": "Page, from 1."})
    page_size = Count(
        LARGEST_PAGE_SIZE,
        load_default=PAGE_SIZE,
        metadata={"description": "Items on a page."},
    )


class ItemQuery(ListQuery):
    population = choice(Population, "Whom it concerns.")


class EvidencedItemQuery(ItemQuery):
    verdict = choice(Verdict, "What the evidence says.")


class PageLinksResponse(ResponseSchema):
    self = fields.Url(required=True)
    next = fields.Url(metadata={"description": "Absent on the last page."})
    prev = fields.Url(metadata={"description": "Absent on the first page."})


class PageResponse(ResponseSchema):
    total = fields.Integer(
        required=True, metadata={"description": "Items in all pages."}
    )
    links = fields.Nested(PageLinksResponse, required=True)
