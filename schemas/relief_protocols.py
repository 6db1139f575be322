"""Relief protocols: what to do now, as a timeline that an app can run."""

from marshmallow import fields

from api.domain.items import ReliefProtocol, Step
from api.domain.vocabulary import Position, Side, Site, When
from schemas.base import (
    FileSchema,
    Reference,
    ResponseSchema,
    Slug,
    Text,
    nested_list,
    one_of,
    references,
    some_of,
    texts,
    whole_number,
)
from schemas.illustrations import IllustrationResponse
from schemas.items import EvidencedItemFile, EvidencedItemResponse
from schemas.listing import EvidencedItemQuery, PageResponse, choice


class StepFile(FileSchema):
    builds = Step

    id = Slug()
    seconds = whole_number(1, 3600)
    repeat = whole_number(1, 20)
    rest_seconds = whole_number(0, 600)
    side = one_of(Side)
    actions = references("self-care-actions", required=True)
    illustration_id = Reference("illustrations", data_key="illustration")
    glance = Text(40)
    text = Text(400)
    speech = Text(400)


class ReliefProtocolFile(EvidencedItemFile):
    builds = ReliefProtocol

    when = one_of(When)
    sites = some_of(Site)
    positions = some_of(Position)
    steps = nested_list(StepFile)
    stop_if = references("risk-flags", required=True)
    stop_when = texts(300)
    do_not_if = texts(300)
    cautions = texts(400, load_default=list)
    what_to_expect = Text(500)


class StepResponse(ResponseSchema):
    id = fields.String(required=True)
    seconds = fields.Integer(
        required=True, metadata={"description": "Seconds of one round."}
    )
    repeat = fields.Integer(required=True, metadata={"description": "Rounds."})
    rest_seconds = fields.Integer(
        required=True, metadata={"description": "Seconds of pause between rounds."}
    )
    total_seconds = fields.Integer(
        required=True, metadata={"description": "All rounds and the pauses between."}
    )
    side = fields.String(
        required=True,
        metadata={
            "description": "cramping-leg, other-leg, both-legs, whole-body. "
            "New values may be added."
        },
    )
    actions = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Self-care actions a raised risk flag may withhold."},
    )
    glance = fields.String(
        required=True,
        metadata={"description": "For a watch face: 40 characters at most."},
    )
    text = fields.String(required=True)
    illustration = fields.Nested(IllustrationResponse, required=True)
    speech = fields.String(
        required=True, metadata={"description": "The step as spoken text."}
    )


class WithheldByResponse(ResponseSchema):
    """Risk flags that forbid the protocol, by the state of the flag."""

    raised = fields.List(fields.String(), required=True)
    raised_or_undetermined = fields.List(fields.String(), required=True)


class ReliefProtocolResponse(EvidencedItemResponse):
    when = fields.String(
        required=True,
        metadata={"description": "`during` or `after` the cramp. May get new values."},
    )
    sites = fields.List(fields.String(), required=True)
    positions = fields.List(fields.String(), required=True)
    total_seconds = fields.Integer(required=True)
    actions = fields.List(fields.String(), required=True)
    steps = fields.List(fields.Nested(StepResponse), required=True)
    stop_if = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Risk flags: stop and get help when one fits."},
    )
    stop_when = fields.List(fields.String(), required=True)
    do_not_if = fields.List(fields.String(), required=True)
    withheld_by = fields.Nested(
        WithheldByResponse, required=True, attribute="publication.withheld_by"
    )
    cautions = fields.List(fields.String(), required=True)
    what_to_expect = fields.String(required=True)


class ReliefProtocolPageResponse(PageResponse):
    items = fields.List(fields.Nested(ReliefProtocolResponse), required=True)


class ReliefProtocolQuery(EvidencedItemQuery):
    when = choice(When, "During or after the cramp.")
    site = choice(Site, "Where the cramp is.")
    position = choice(Position, "How the person is placed.")
