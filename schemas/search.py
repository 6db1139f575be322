"""Search: what a client asks, and the short form of what is found."""

import re
from enum import StrEnum

from marshmallow import ValidationError, fields

from api.domain.texts import Message
from schemas.items import ItemLinksResponse, PublishedResponse
from schemas.listing import ListQuery, PageResponse, choice

LONGEST_QUERY = 200

SAYS_SOMETHING = r"[^\s\u001C-\u001F\u0085\uFEFF]"
"""Something other than space, whoever says what that is: of the characters that are
named, Python and the regular expressions of JavaScript do not think the same."""


class ItemKind(StrEnum):
    CAUSE = "cause"
    RELIEF_PROTOCOL = "relief-protocol"
    PREVENTION_TIP = "prevention-tip"
    RISK_FLAG = "risk-flag"
    SOURCE = "source"


class Phrase(fields.String):
    """What to search for: something other than space, not too long."""

    def _deserialize(self, value, attr, data, **kwargs) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not re.search(SAYS_SOMETHING, text) or len(text) > LONGEST_QUERY:
            raise ValidationError(Message("not-a-phrase", maximum=LONGEST_QUERY))
        return text


class SearchQuery(ListQuery):
    q = Phrase(
        required=True,
        error_messages={"required": Message("missing-parameter")},
        metadata={
            "description": "Words to look for, in any form, in the asked language.",
            "minLength": 1,
            "pattern": SAYS_SOMETHING,
            "maxLength": LONGEST_QUERY,
            "example": "stretching",
        },
    )
    type = choice(ItemKind, "Only this kind of item.")


class HitResponse(PublishedResponse):
    summary = fields.String(required=True)
    language = fields.String(required=True, attribute="publication.language")
    links = fields.Nested(
        ItemLinksResponse, required=True, attribute="publication.links"
    )


class SearchPageResponse(PageResponse):
    items = fields.List(
        fields.Nested(HitResponse),
        required=True,
        metadata={"description": "Best first; what matches in the title comes first."},
    )
