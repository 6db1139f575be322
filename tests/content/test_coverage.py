"""Everything that was reviewed is served as it was reviewed, and nothing else is."""

from pathlib import Path

import pytest
import yaml

HERE = Path(__file__).parent
REVIEWED = yaml.safe_load((HERE / "claims.yaml").read_text(encoding="utf-8"))
ARTICLE = yaml.safe_load((HERE / "article.yaml").read_text(encoding="utf-8"))
KINDS = ("causes", "relief-protocols", "prevention-tips", "risk-flags")


def every_item(client, kind, language):
    page = client.get(f"/v1/{kind}?page_size=100&lang={language}").get_json()
    assert page["total"] == len(page["items"])
    return page["items"]


@pytest.fixture(scope="module", params=["en", "ru"])
def served_claims(request, client):
    """Claims by id as the API serves them, within the items of all kinds."""
    items = (item for kind in KINDS for item in every_item(client, kind, request.param))
    return {claim["id"]: claim for item in items for claim in item["claims"]}


def test_the_reviewed_claims_are_the_claims_of_the_content(library):
    assert set(library.catalogue("en").claims) == set(REVIEWED)


@pytest.mark.parametrize("id", REVIEWED)
def test_a_claim_is_served_as_it_was_reviewed(served_claims, id):
    claim = served_claims[id]
    served = {key: claim[key] for key in ("verdict", "certainty", "sources")}
    assert served == REVIEWED[id]


def test_every_cited_source_is_served(client):
    cited = {id for claim in REVIEWED.values() for id in claim["sources"]}
    missing = [
        id for id in sorted(cited) if client.get(f"/v1/sources/{id}").status_code != 200
    ]
    assert cited
    assert missing == []


@pytest.mark.parametrize("sentence", ARTICLE, ids=lambda entry: entry["says"][:40])
def test_every_sentence_of_the_article_has_a_counterpart(client, sentence):
    for address in sentence["items"]:
        item = client.get(f"/v1/{address}").get_json()
        assert item["claims"], address


SALES_TALK = (
    "daily-red-light",
    "red-light-opens-vessels",
    "red-light-energises-cells",
    "red-light-against-fatigue",
    "red-light-blood-oxygen",
    "health-cabin",
)


@pytest.mark.parametrize("id", SALES_TALK)
def test_what_is_only_sold_is_never_advice(client, id):
    tip = client.get(f"/v1/prevention-tips/{id}").get_json()
    assert tip["recommendation"] in ("commercial-claim", "no-benefit-shown")
    assert tip["how_to"] == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_clinician_has_signed_anything(client, kind, language):
    assert all(
        "clinician" not in item["review"] for item in every_item(client, kind, language)
    )
