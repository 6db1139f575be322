"""/v1/causes: why cramps happen, or are said to."""

from api.domain.library import find, select
from api.web.current import catalogue
from api.web.operations import Resource, reads, wanted
from api.web.paging import paged
from schemas.causes import CausePageResponse, CauseQuery, CauseResponse

blueprint = Resource(
    "Causes",
    __name__,
    url_prefix="/v1/causes",
    description="Why night leg cramps happen, or are said to: each with its verdict.",
)


@reads(
    blueprint,
    "",
    CausePageResponse,
    operation_id="listCauses",
    query=CauseQuery,
    example="/v1/causes?verdict=supported&page_size=1",
    links={"getCause": {"id": "/items/0/id"}},
)
def list_causes(arguments):
    """List causes

    Folklore is listed too, with what the evidence says of it.
    """
    return paged(select(catalogue().causes.values(), wanted(arguments)), arguments)


@reads(
    blueprint,
    "/<string:id>",
    CauseResponse,
    operation_id="getCause",
    example="/v1/causes/calcium-shortage",
    links={"getSource": {"id": "/evidence/sources/0"}},
)
def get_cause(id):
    """Read one cause

    With its evidence, the statements behind it, and what to do with the knowledge.
    """
    return find(catalogue().causes, "causes", id)
