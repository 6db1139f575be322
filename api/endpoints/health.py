"""/health: whether the process runs, and whether it can answer."""

from flask import request
from flask_smorest import Blueprint
from werkzeug.exceptions import ServiceUnavailable

from api.web.current import degraded, library, stopping
from api.web.limits import UNLIMITED
from schemas.health import HealthResponse, ReadinessResponse

blueprint = Blueprint(
    "Health", __name__, url_prefix="/health", description="For operators and probes."
)

SECONDS_TO_COME_BACK = 5
"""A restart takes some two seconds; a probe that comes earlier would only find less."""


@blueprint.get("/live")
@blueprint.doc(operationId="getLiveness", **{"x-example-request": "/health/live"})
@blueprint.response(200, HealthResponse)
@blueprint.alt_response(406, "NotAcceptable")
@blueprint.alt_response(500, "InternalError")
@blueprint.alt_response(503, "Unavailable")
def get_liveness():
    """Is the process alive

    200 as soon as it serves; nothing is looked up.
    """
    return {"status": "ok"}


@blueprint.get("/ready")
@blueprint.doc(operationId="getReadiness", **{"x-example-request": "/health/ready"})
@blueprint.response(200, ReadinessResponse)
@blueprint.alt_response(406, "NotAcceptable")
@blueprint.alt_response(500, "InternalError")
@blueprint.alt_response(503, "Unavailable")
def get_readiness():
    """Can the service answer

    200 with the content version, once the content is loaded and searchable. It stays
    200 while something is `degraded`: the service answers all the same. 503 when it is
    about to stop: send requests elsewhere.
    """
    example = UNLIMITED in request.environ  # the contract tells of no passing state
    if stopping() and not example:
        raise ServiceUnavailable(retry_after=SECONDS_TO_COME_BACK)
    return {
        "status": "ok",
        "content_version": library().release.version,
        "languages": library().languages,
        "degraded": [] if example else degraded(),
    }
