"""/v1: the service document, which links to everything."""

from api.domain.library import Catalogue
from api.web.current import catalogue, library
from api.web.operations import Resource, reads
from api.web.version import API_VERSION
from schemas.service import ServiceResponse

LINKS = {
    "self": "/v1",
    "causes": "/v1/causes",
    "relief_protocols": "/v1/relief-protocols",
    "prevention_tips": "/v1/prevention-tips",
    "risk_flags": "/v1/risk-flags",
    "risk_questions": "/v1/risk-questions",
    "risk_rules": "/v1/risk-rules",
    "risk_evaluations": "/v1/risk-evaluations",
    "sources": "/v1/sources",
    "search": "/v1/search?q={q}",
    "bundle": "/v1/bundle",
    "changes": "/v1/changes",
    "changes_atom": "/v1/changes.atom",
    "openapi": "/v1/openapi.json",
    "contract_kit": "/v1/contract-kit",
    "docs": "/docs",
    "health": "/health/ready",
}

blueprint = Resource(
    "Service",
    __name__,
    url_prefix="/v1",
    description="What this service is, and where everything is.",
)


@reads(
    blueprint,
    "",
    ServiceResponse,
    operation_id="getService",
    example="/v1",
    links={"getBundle": {"since": "/content_version"}},
)
def get_service():
    """Read the service document

    Links to everything, languages, versions, licence, disclaimer, and words for codes.
    """
    content, release = catalogue(), library().release
    return {
        "title": content.service.title,
        "description": content.service.description,
        "disclaimer": content.service.disclaimer,
        "clinical_review": content.service.clinical_review,
        "api_version": API_VERSION,
        "content_version": release.version,
        "ruleset_version": release.ruleset_version,
        "released_on": release.released_on,
        "language": content.language,
        "languages": library().languages,
        "publication": content.publication,
        "license": content.service.license,
        "topic": {"codes": content.topic_codes},
        "counts": _counts(content),
        "vocabularies": content.vocabularies,
        "links": {key: library().public_url + path for key, path in LINKS.items()},
    }


def _counts(content: Catalogue) -> dict[str, int]:
    return {
        "causes": len(content.causes),
        "relief_protocols": len(content.relief_protocols),
        "prevention_tips": len(content.prevention_tips),
        "risk_flags": len(content.risk_flags),
        "risk_questions": len(content.rules.questions),
        "sources": len(content.sources),
    }
