"""/v1/prevention-tips: what helps, may help, does not help, or is only sold."""

from api.domain.library import find, select
from api.web.current import catalogue
from api.web.operations import Resource, reads, wanted
from api.web.paging import paged
from schemas.prevention_tips import (
    PreventionTipPageResponse,
    PreventionTipQuery,
    PreventionTipResponse,
)

blueprint = Resource(
    "Prevention tips",
    __name__,
    url_prefix="/v1/prevention-tips",
    description="What helps, may help, does not help, or is only sold.",
)


@reads(
    blueprint,
    "",
    PreventionTipPageResponse,
    operation_id="listPreventionTips",
    query=PreventionTipQuery,
    example="/v1/prevention-tips?recommendation=may-help&page_size=1",
    links={"getPreventionTip": {"id": "/items/0/id"}},
)
def list_prevention_tips(arguments):
    """List prevention tips

    What does not help or does harm is listed too: it is what people ask about.
    """
    tips = catalogue().prevention_tips.values()
    return paged(select(tips, wanted(arguments)), arguments)


@reads(
    blueprint,
    "/<string:id>",
    PreventionTipResponse,
    operation_id="getPreventionTip",
    example="/v1/prevention-tips/bedtime-stretching",
    links={"getSource": {"id": "/evidence/sources/0"}},
)
def get_prevention_tip(id):
    """Read one prevention tip

    With its recommendation, its evidence and, where it is reasonable, how to do it.
    """
    return find(catalogue().prevention_tips, "prevention-tips", id)
