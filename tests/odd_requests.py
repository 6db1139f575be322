"""Requests that nobody sends who means well, and some that many do."""

import random
import string

PIECES = [
    *(
        "/v1",
        "/causes",
        "/alcohol",
        "/relief-protocols",
        "/docs",
        "/embed",
        "/..",
        "//",
    ),
    *("/%00", "/%2e%2e", "/é", "/" + "a" * 3_000, "/v1/risk-rules", "/", "/problems"),
]
QUERIES = [
    *(
        "lang=ru",
        "lang=en",
        "lang=xx",
        "page=1",
        "page=2",
        "page=0",
        "page_size=5",
        "a",
    ),
    *("lang=ru&lang=ru", "&", "=", "%", "lang=%72u", "verdict=mixed", "q=" + "x" * 900),
]
HEADERS = {
    "Accept-Language": [
        "ru",
        "en",
        "",
        "*",
        "ru;q=0",
        "x" * 2_000,
        "ru,en;q=0.1",
        ";;",
    ],
    "Accept-Encoding": [
        "gzip",
        "br",
        "",
        "*",
        "gzip;q=0",
        "br;q=x",
        "identity;q=0",
        ",",
    ],
    "If-None-Match": ["*", '"x"', "W/", '"' * 99],
    "If-Modified-Since": ["Mon, 23 Nov 2026 00:00:00 GMT", "yesterday"],
    "Range": ["bytes=0-9"],
}


def odd_request(source: random.Random) -> dict:
    path = "".join(source.choices(PIECES, k=source.randint(1, 4)))
    query = "&".join(source.choices(QUERIES, k=source.choice((0, 0, 1, 2))))
    if source.random() < 0.1:
        query += "".join(source.choices(string.printable, k=8)).replace("#", "")
    names = source.sample(sorted(HEADERS), k=source.randint(0, 3))
    return {
        "path": "/" + path.lstrip("/"),
        "query_string": query,
        "method": source.choice(("GET", "GET", "HEAD", "OPTIONS", "POST", "DELETE")),
        "headers": {name: source.choice(HEADERS[name]) for name in names},
    }
