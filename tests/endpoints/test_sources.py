"""What /v1/sources says: the literature behind every claim."""

from tests.endpoints.lists import by_id, everything

PATH = "/v1/sources"


def test_a_source_says_where_to_read_it(client):
    source = client.get(f"{PATH}/hallegraeff-2012").get_json()
    assert source["publication"].startswith("Journal of Physiotherapy")
    assert source["year"] == 2012
    assert source["pmid"] == "22341378"
    assert source["url"] == "https://pubmed.ncbi.nlm.nih.gov/22341378/"
    assert source["kind"] == "rct"


def test_titles_stay_in_their_own_language_and_findings_do_not(client):
    english, russian = (by_id(client, PATH, lang=tag) for tag in ("en", "ru"))
    for id, source in english.items():
        assert russian[id]["title"] == source["title"]
        assert russian[id]["url"] == source["url"]
    trial = "hallegraeff-2012"
    assert russian[trial]["finding"] != english[trial]["finding"]


def test_every_address_is_absolute(client):
    for source in everything(client, PATH):
        assert source["url"].startswith(("https://", "http://"))


def test_every_source_was_read(client):
    sources = everything(client, PATH)
    assert {source["checked"] for source in sources} <= {"original", "copy"}
    assert all(source["finding"] for source in sources)


def test_a_source_is_credited_as_summarised_not_as_ours(client):
    source = client.get("/v1/sources/nhs-leg-cramps").get_json()
    assert source["attribution"]["text"].startswith("Summary of “Leg cramps”")
