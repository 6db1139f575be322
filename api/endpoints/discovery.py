"""Where machines look first: the API catalogue (RFC 9727) and llms.txt."""

from flask import Blueprint, Response, current_app, g

from api.web.current import catalogue, library

JSON = "application/json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.1"

blueprint = Blueprint("discovery", __name__)


@blueprint.get("/.well-known/api-catalog")
def read_api_catalog() -> Response:
    """The API with its description, its documentation and its health, as a linkset."""
    g.cacheable = True
    base = library().public_url
    links = {
        "anchor": f"{base}/v1",
        "service-desc": [{"href": f"{base}/v1/openapi.json", "type": OPENAPI}],
        "service-doc": [{"href": f"{base}/docs", "type": "text/html"}],
        "service-meta": [{"href": f"{base}/v1/contract-kit", "type": JSON}],
        "status": [{"href": f"{base}/health/ready", "type": JSON}],
    }
    body = current_app.json.dumps({"linkset": [links]})
    return Response(body, mimetype="application/linkset+json")


@blueprint.get("/llms.txt")
def read_llms_txt() -> Response:
    """What this is and where to read on, for language models (llmstxt.org)."""
    g.cacheable = g.localised = True
    base, service = library().public_url, catalogue().service
    return Response(
        f"# {service.title}\n\n> {service.description}\n\n{service.disclaimer}\n"
        f"{service.clinical_review}\n\n"
        f"- [Service document]({base}/v1): links to everything\n"
        f"- [Contract]({base}/v1/openapi.json): OpenAPI 3.1\n"
        f"- [Contract kit]({base}/v1/contract-kit): ids, checks and vectors for a"
        " nightly test\n"
        f"- [Bundle]({base}/v1/bundle): everything in one document\n"
        f"- [Changes]({base}/v1/changes): JSON Feed of every change to the content\n"
        f"- [Rules]({base}/docs/rules): every risk rule in words, with sources\n",
        mimetype="text/plain",
    )
