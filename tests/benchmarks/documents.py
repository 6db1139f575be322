"""The published answers that are measured, as the service itself gives them."""

from dataclasses import dataclass
from functools import cache

from api.app import create_app
from api.config import Config

PUBLIC_URL = "http://nightcramp.invalid"
"""The same for every server, so that they can answer the same bytes."""

ITEM, LIST = "/v1/causes/alcohol", "/v1/relief-protocols"
PLAIN, GZIP = "", "gzip"


@dataclass(frozen=True, slots=True)
class Document:
    """A ready answer."""

    headers: list[tuple[str, str]]
    body: bytes

    @property
    def tag(self) -> str:
        return dict(self.headers)["ETag"]


@cache
def documents() -> dict[tuple[str, str], Document]:
    """The answers by path and encoding."""
    client = create_app(config=Config(public_url=PUBLIC_URL)).test_client()
    found = {}
    for path in (ITEM, LIST):
        for encoding in (PLAIN, GZIP):
            answer = client.get(path, headers={"Accept-Encoding": encoding})
            found[path, encoding] = Document(list(answer.headers), answer.data)
    return found
