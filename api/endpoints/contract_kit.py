"""/v1/contract-kit: ids, checks and vectors for the nightly test of an app."""

from collections.abc import Iterator

from api.domain.items import KINDS
from api.domain.library import Catalogue
from api.domain.vectors import sample
from api.web.checks import checks
from api.web.current import conformance_vectors, evaluator, library
from api.web.encoding import once
from api.web.operations import Resource, reads
from api.web.version import API_VERSION
from schemas.contract_kit import ContractKitResponse
from schemas.vectors import vector_record

KIT_VERSION = 1
"""Grows when the language of the checks does: a runner of the old one would err."""

OF_EACH_RESULT = 3
"""Vectors of each level, settled and not: two dozen evaluations are a nightly test."""

QUESTIONS = "risk-questions"

LINKS = {
    "self": "/v1/contract-kit",
    "page": "/docs/contract",
    "python": "/docs/contract/nightcramp_contract.py",
    "javascript": "/docs/contract/nightcramp_contract.mjs",
    "contract": "/v1/openapi.json",
    "vectors": "/v1/risk-rules/vectors",
}

blueprint = Resource(
    "Contract kit",
    __name__,
    url_prefix="/v1/contract-kit",
    description="What an app's own nightly test holds the service to.",
)


@reads(
    blueprint,
    "",
    ContractKitResponse,
    operation_id="getContractKit",
    speaks=False,
)
def get_contract_kit():
    """Read the contract kit

    Every id that exists, requests with what must come back, and some vectors. Keep a
    copy, and hold the service to it every night: `links.page` says how.
    """
    return once("contract-kit", lambda: ContractKitResponse().dump(_kit()))


def _kit() -> dict:
    content, release = library().catalogue(library().original), library().release
    found = conformance_vectors()
    chosen = [vector_record(vector) for vector in sample(found, OF_EACH_RESULT)]
    return {
        "kit_version": KIT_VERSION,
        "api_version": API_VERSION,
        "content_version": release.version,
        "ruleset_version": release.ruleset_version,
        "ids": list(_ids(content)),
        "vocabularies": [
            {"id": vocabulary.id, "codes": [term.id for term in vocabulary.terms]}
            for vocabulary in content.vocabularies
        ],
        "checks": checks(library(), evaluator()),
        "vectors": {"total": len(found), "sample": chosen},
        "links": {name: library().public_url + path for name, path in LINKS.items()},
    }


def _ids(content: Catalogue) -> Iterator[dict]:
    for kind in KINDS:
        yield {
            "kind": kind,
            "path": f"/v1/{kind}/{{id}}",
            "ids": list(content.of_kind(kind)),
            "withdrawn": _withdrawn(content, kind),
        }
    asked = [question.id for question in content.rules.questions]
    yield {"kind": QUESTIONS, "ids": asked, "withdrawn": []}


def _withdrawn(content: Catalogue, kind: str) -> list[str]:
    addresses = (address.partition("/") for address in content.tombstones)
    return [id for of, _, id in addresses if of == kind]
