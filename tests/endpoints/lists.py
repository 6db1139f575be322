"""Reads whole lists, as a client does: page after page."""


def everything(client, path: str, **query: str) -> list[dict]:
    """The items of all pages of `path`."""
    items: list[dict] = []
    answer = client.get(path, query_string={"page_size": "100", **query}).get_json()
    while answer:
        items += answer["items"]
        following = answer["links"].get("next")
        answer = client.get(following).get_json() if following else None
    return items


def ids(items: list[dict]) -> list[str]:
    return [item["id"] for item in items]


def by_id(client, path: str, **query: str) -> dict[str, dict]:
    return {item["id"]: item for item in everything(client, path, **query)}
