"""/metrics: for Prometheus, in its text format."""

from flask import Blueprint, Response, abort

from api.web.current import metrics

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
def read_metrics() -> Response:
    """What all workers have counted; 404 where NIGHTCRAMP_METRICS is off."""
    counted = metrics() or abort(404)
    return Response(counted.exposition(), content_type=counted.media_type)
