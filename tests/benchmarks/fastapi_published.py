"""The same published items behind FastAPI: equal models, loaded once at start.

As FastAPI is mostly written: the models are what is kept, and each answer is validated
and dumped by its response model; Starlette compresses.
"""

from typing import Annotated

from fastapi import FastAPI, HTTPException, Query, Request
from pydantic import BaseModel
from starlette.middleware.gzip import GZipMiddleware

from api.app import create_app
from api.config import Config
from api.web.compression import SMALLEST
from schemas.listing import LARGEST_PAGE_SIZE, PAGE_SIZE
from tests.benchmarks.documents import PUBLIC_URL


class Related(BaseModel):
    causes: list[str]
    relief_protocols: list[str]
    prevention_tips: list[str]
    risk_flags: list[str]


class Review(BaseModel):
    reviewed_on: str
    review_due: str
    clinician: str | None = None


class Claim(BaseModel):
    id: str
    text: str
    origin: str
    verdict: str
    certainty: str
    why: str
    populations: list[str]
    sources: list[str]


class Code(BaseModel):
    system: str
    code: str
    display: str
    role: str
    authority: str
    checked: str
    billable: bool | None = None
    uri: str | None = None
    note: str | None = None


class Evidence(BaseModel):
    verdict: str
    certainty: str
    why: str
    sources: list[str]


class Translation(BaseModel):
    status: str


class Attribution(BaseModel):
    license: str
    text: str
    html: str


class Links(BaseModel):
    self: str


class Item(BaseModel):
    id: str
    type: str
    title: str
    summary: str
    keywords: list[str]
    populations: list[str]
    related: Related
    review: Review
    claims: list[Claim]
    codes: list[Code]
    people_say: str | None = None
    explanation: list[str]
    evidence: Evidence
    language: str
    translation: Translation
    attribution: Attribution
    links: Links


class Cause(Item):
    what_to_do: str


class Illustration(BaseModel):
    href: str
    alt: str
    sha256: str
    license: str


class Step(BaseModel):
    id: str
    seconds: int
    repeat: int
    rest_seconds: int
    total_seconds: int
    side: str
    actions: list[str]
    glance: str
    text: str
    speech: str
    illustration: Illustration | None = None


class WithheldBy(BaseModel):
    raised: list[str]
    raised_or_undetermined: list[str]


class ReliefProtocol(Item):
    when: str
    sites: list[str]
    positions: list[str]
    total_seconds: int
    actions: list[str]
    steps: list[Step]
    stop_if: list[str]
    stop_when: list[str]
    do_not_if: list[str]
    withheld_by: WithheldBy
    cautions: list[str]
    what_to_expect: str


class PageLinks(BaseModel):
    self: str
    next: str | None = None
    prev: str | None = None


class ReliefProtocolPage(BaseModel):
    total: int
    items: list[ReliefProtocol]
    links: PageLinks


def loaded(path: str, model: type[Item]) -> dict:
    """Every item of a list, as models by id."""
    client = create_app(config=Config(public_url=PUBLIC_URL)).test_client()
    answer = client.get(path, query_string={"page_size": LARGEST_PAGE_SIZE})
    items = [model.model_validate(item) for item in answer.get_json()["items"]]
    return {item.id: item for item in items}


causes = loaded("/v1/causes", Cause)
relief_protocols = loaded("/v1/relief-protocols", ReliefProtocol)
app = FastAPI()
app.add_middleware(GZipMiddleware, minimum_size=SMALLEST)


@app.get("/v1/causes/{id}", response_model_exclude_none=True)
async def get_cause(id: str) -> Cause:
    if id not in causes:
        raise HTTPException(404)
    return causes[id]


@app.get("/v1/relief-protocols", response_model_exclude_none=True)
async def list_relief_protocols(
    request: Request,
    page: Annotated[int, Query(ge=1)] = 1,
    page_size: Annotated[int, Query(ge=1, le=LARGEST_PAGE_SIZE)] = PAGE_SIZE,
) -> ReliefProtocolPage:
    items = list(relief_protocols.values())
    first, last = (page - 1) * page_size, page * page_size
    address = f"{PUBLIC_URL}{request.url.path}?page="
    links = PageLinks(
        self=f"{address}{page}",
        next=f"{address}{page + 1}" if last < len(items) else None,
        prev=f"{address}{page - 1}" if page > 1 else None,
    )
    return ReliefProtocolPage(total=len(items), items=items[first:last], links=links)
