"""/v1/openapi.json is the contract of this very service."""

from api.app import create_app
from api.config import Config
from api.web.openapi import describe, serialize


def test_it_is_the_description_of_the_app(client, app):
    answer = client.get("/v1/openapi.json")
    assert answer.mimetype == "application/json"
    assert answer.text == serialize(describe(app))


def test_its_server_is_the_public_address(library):
    app = create_app(library, Config())
    description = app.test_client().get("/v1/openapi.json").get_json()
    assert description["servers"] == [{"url": library.public_url}]
    assert description["openapi"].startswith("3.1")
