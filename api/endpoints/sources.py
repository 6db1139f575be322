"""/v1/sources: the literature behind every claim."""

from api.domain.library import find, select
from api.web.current import catalogue
from api.web.operations import Resource, reads, wanted
from api.web.paging import paged
from schemas.sources import SourcePageResponse, SourceQuery, SourceResponse

blueprint = Resource(
    "Sources",
    __name__,
    url_prefix="/v1/sources",
    description="The literature behind every claim. Titles stay in their own language.",
)


@reads(
    blueprint,
    "",
    SourcePageResponse,
    operation_id="listSources",
    query=SourceQuery,
    example="/v1/sources?kind=systematic-review&page_size=1",
    links={"getSource": {"id": "/items/0/id"}},
)
def list_sources(arguments):
    """List sources

    Every publication that an item, a flag, a score or a policy cites.
    """
    return paged(select(catalogue().sources.values(), wanted(arguments)), arguments)


@reads(
    blueprint,
    "/<string:id>",
    SourceResponse,
    operation_id="getSource",
    example="/v1/sources/hallegraeff-2012",
)
def get_source(id):
    """Read one source

    `finding` is our paraphrase of it, never a quotation.
    """
    return find(catalogue().sources, "sources", id)
