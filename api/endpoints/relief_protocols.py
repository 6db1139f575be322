"""/v1/relief-protocols: what to do now, as timelines that an app can run."""

from api.domain.library import find, select
from api.web.current import catalogue
from api.web.operations import Resource, reads, wanted
from api.web.paging import paged
from schemas.relief_protocols import (
    ReliefProtocolPageResponse,
    ReliefProtocolQuery,
    ReliefProtocolResponse,
)

blueprint = Resource(
    "Relief protocols",
    __name__,
    url_prefix="/v1/relief-protocols",
    description="What to do while it hurts and after: timed steps, and when not to.",
)


@reads(
    blueprint,
    "",
    ReliefProtocolPageResponse,
    operation_id="listReliefProtocols",
    query=ReliefProtocolQuery,
    example="/v1/relief-protocols?when=during&site=calf&page_size=1",
    links={"getReliefProtocol": {"id": "/items/0/id"}},
)
def list_relief_protocols(arguments):
    """List relief protocols

    Filter by when, by where the cramp is, and by how the person is placed.
    """
    protocols = catalogue().relief_protocols.values()
    return paged(select(protocols, wanted(arguments)), arguments)


@reads(
    blueprint,
    "/<string:id>",
    ReliefProtocolResponse,
    operation_id="getReliefProtocol",
    example="/v1/relief-protocols/calf-stretch",
    links={
        "getRiskFlag": {"id": "/withheld_by/raised/0"},
        "getSource": {"id": "/evidence/sources/0"},
    },
)
def get_relief_protocol(id):
    """Read one relief protocol

    A runnable timeline: each step has seconds, rounds, a glance, a sentence and spoken
    text. Do not run it while a flag in `withheld_by` applies.
    """
    return find(catalogue().relief_protocols, "relief-protocols", id)
