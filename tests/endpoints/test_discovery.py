"""What machines look for finds the contract."""

from urllib.parse import urlsplit


def test_the_api_catalogue_leads_to_what_is_there(client):
    answer = client.get("/.well-known/api-catalog")
    assert answer.mimetype == "application/linkset+json"
    (links,) = answer.get_json(force=True)["linkset"]
    hrefs = [
        links[name][0]["href"]
        for name in ("service-desc", "service-doc", "service-meta", "status")
    ]
    for href in (links["anchor"], *hrefs):
        assert client.get(urlsplit(href).path).status_code == 200


def test_llms_txt_says_what_it_is_and_that_no_clinician_has_signed(client):
    text = client.get("/llms.txt").get_data(as_text=True)
    assert text.startswith("# Nightcramp\n")
    assert "No clinician has reviewed or signed it yet" in text
    assert "/v1/openapi.json" in text
    assert "/v1/contract-kit" in text
