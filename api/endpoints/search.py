"""/v1/search: full text over all kinds, in the asked language."""

from api.web.current import language, search_index
from api.web.operations import Resource, reads
from api.web.paging import paged
from schemas.search import SearchPageResponse, SearchQuery

blueprint = Resource(
    "Search",
    __name__,
    url_prefix="/v1/search",
    description="Full-text search over all kinds, in the asked language.",
)


@reads(
    blueprint,
    "",
    SearchPageResponse,
    operation_id="search",
    query=SearchQuery,
    example="/v1/search?q=stretching&page_size=2",
    limited="searches",
)
def search(arguments):
    """Search

    Finds any form of the words; what matches in a title comes first.
    """
    found = search_index().find(language(), arguments["q"], arguments.get("type"))
    return paged(found, arguments)
