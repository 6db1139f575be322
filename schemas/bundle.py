"""The bundle: everything in one language, for a device that will be offline."""

import hashlib
import json

from marshmallow import fields

from schemas.base import ResponseSchema
from schemas.causes import CauseResponse
from schemas.illustrations import IllustrationResponse
from schemas.items import TranslationResponse
from schemas.listing import LanguageQuery
from schemas.prevention_tips import PreventionTipResponse
from schemas.releases import TombstoneResponse
from schemas.relief_protocols import ReliefProtocolResponse
from schemas.risk_flags import RiskFlagResponse
from schemas.risk_rules import RuleSetResponse
from schemas.service import LicenseResponse, VocabularyResponse
from schemas.sources import SourceResponse


def fingerprint(published: dict) -> str:
    """The sha256 of an item as it is published, in canonical JSON (RFC 8785).

    `published` has text, whole numbers and short decimals only, and keys in ASCII:
    of these, RFC 8785 makes what `json` makes of sorted keys without spaces.
    """
    canonical = json.dumps(
        published, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


class BundleQuery(LanguageQuery):
    since = fields.String(
        metadata={
            "description": "The version of the bundle at hand: only what has changed "
            "since then is answered. 404 when it is unknown, 410 when it is too old: "
            "then take the whole bundle.",
        }
    )


class ManifestEntryResponse(ResponseSchema):
    type = fields.String(required=True)
    id = fields.String(required=True)
    href = fields.Url(required=True)
    sha256 = fields.String(
        required=True,
        metadata={
            "description": "Of the item as it stands in a bundle, in the canonical "
            "JSON of RFC 8785."
        },
    )


class ValidityResponse(ResponseSchema):
    """For how long an offline copy may be shown, and what to do after that."""

    refresh_after_seconds = fields.Integer(
        required=True,
        metadata={"description": "Ask for changes this long after the last answer."},
    )
    stale_after_seconds = fields.Integer(
        required=True,
        metadata={"description": "Out of date when nothing was heard for this long."},
    )
    valid_until = fields.Date(
        required=True,
        metadata={"description": "Out of date from then on: a review is due."},
    )
    when_out_of_date = fields.String(
        required=True, metadata={"description": "What to do with it then, in words."}
    )


class BundleLinksResponse(ResponseSchema):
    self = fields.Url(required=True)
    next_changes = fields.Url(
        required=True,
        metadata={"description": "What to ask later: the changes since this version."},
    )
    feed = fields.Url(required=True)


class BundleResponse(ResponseSchema):
    """The whole content in one language, or what has changed since a version.

    To bring a bundle up to date, take this answer without `since`, and put into its
    lists, from the bundle at hand, each item of `manifest` that they lack, in the order
    of `manifest`. What is not there is gone; `tombstones` say why.
    """

    since = fields.String(
        metadata={
            "description": "The version that the changes start from. Absent: whole."
        }
    )
    content_version = fields.String(required=True)
    ruleset_version = fields.String(required=True)
    api_version = fields.String(required=True)
    released_on = fields.Date(required=True)
    validity = fields.Nested(ValidityResponse, required=True)
    title = fields.String(required=True)
    disclaimer = fields.String(
        required=True, metadata={"description": "Show it where the guidance is shown."}
    )
    clinical_review = fields.String(required=True)
    license = fields.Nested(LicenseResponse, required=True)
    vocabularies = fields.List(fields.Nested(VocabularyResponse), required=True)
    causes = fields.List(fields.Nested(CauseResponse), required=True)
    relief_protocols = fields.List(fields.Nested(ReliefProtocolResponse), required=True)
    prevention_tips = fields.List(fields.Nested(PreventionTipResponse), required=True)
    risk_flags = fields.List(fields.Nested(RiskFlagResponse), required=True)
    risk_rules = fields.List(
        fields.Nested(RuleSetResponse),
        required=True,
        metadata={
            "description": "The rule set with its questions, as one entry; none in "
            "changes that do not concern it."
        },
    )
    sources = fields.List(fields.Nested(SourceResponse), required=True)
    illustrations = fields.List(
        fields.Nested(IllustrationResponse),
        required=True,
        metadata={"description": "Pictures that the steps refer to: fetch them too."},
    )
    manifest = fields.List(
        fields.Nested(ManifestEntryResponse),
        required=True,
        metadata={"description": "Everything there is at this version, in order."},
    )
    tombstones = fields.List(
        fields.Nested(TombstoneResponse),
        required=True,
        metadata={"description": "Everything that was ever withdrawn."},
    )
    language = fields.String(required=True)
    translation = fields.Nested(TranslationResponse, required=True)
    links = fields.Nested(BundleLinksResponse, required=True)


BUNDLED: dict[str, type[ResponseSchema]] = {
    "causes": CauseResponse,
    "relief_protocols": ReliefProtocolResponse,
    "prevention_tips": PreventionTipResponse,
    "risk_flags": RiskFlagResponse,
    "risk_rules": RuleSetResponse,
    "sources": SourceResponse,
}
"""The lists of a bundle, in order, and what stands in each."""
