"""/v1/risk-flags: the warning signs, their urgency, and what to do."""

from api.domain.library import find, select
from api.web.current import catalogue
from api.web.operations import Resource, reads, wanted
from api.web.paging import paged
from schemas.risk_flags import RiskFlagPageResponse, RiskFlagQuery, RiskFlagResponse

blueprint = Resource(
    "Risk flags",
    __name__,
    url_prefix="/v1/risk-flags",
    description="The warning signs, how urgent each is, and what to do.",
)


@reads(
    blueprint,
    "",
    RiskFlagPageResponse,
    operation_id="listRiskFlags",
    query=RiskFlagQuery,
    example="/v1/risk-flags?urgency=emergency&page_size=1",
    links={"getRiskFlag": {"id": "/items/0/id"}},
)
def list_risk_flags(arguments):
    """List risk flags

    Most urgent first.
    """
    flags = catalogue().risk_flags.values()
    return paged(select(flags, wanted(arguments)), arguments)


@reads(
    blueprint,
    "/<string:id>",
    RiskFlagResponse,
    operation_id="getRiskFlag",
    example="/v1/risk-flags/suspected-dvt",
    links={"getSource": {"id": "/sources/0"}},
)
def get_risk_flag(id):
    """Read one risk flag

    With the condition that raises it, the action, and what it withholds.
    """
    return find(catalogue().risk_flags, "risk-flags", id)
