"""Small descriptions: one operation, with a part of it as a test wants it."""

PATH = "/things/{id}"
JSON = "application/json"
KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}
ID = {"in": "path", "name": "id", "required": True, "schema": {"type": "string"}}


def described(path: str = PATH, method: str = "get", **whole) -> dict:
    """A description of one operation; keywords are its own, or of the root."""
    at_root = {
        key: whole.pop(key)
        for key in ("components", "security", "info", "item")
        if key in whole
    }
    operation = {"operationId": "getThing", "parameters": [ID], "responses": answers()}
    item = {method: operation | whole, **at_root.pop("item", {})}
    return {"info": {"version": "1.0.0"}, "paths": {path: item}, **at_root}


def answers(schema: dict | None = None, **answer) -> dict:
    content = {JSON: {"schema": schema}} if schema is not None else {}
    return {"200": {"description": "OK", "content": content, **answer}}


def parameter(**changes) -> dict:
    """With one parameter of a query."""
    plain = {"in": "query", "name": "size", "schema": {"type": "integer"}}
    return described(parameters=[ID, plain | changes])


def taking(schema: dict, components: dict | None = None) -> dict:
    """A request with a body of `schema`."""
    return described(
        method="post",
        requestBody={"content": {JSON: {"schema": schema}}},
        components={"schemas": components or {}},
    )


def giving(schema: dict, components: dict | None = None) -> dict:
    """An answer of `schema`."""
    return described(
        responses=answers(schema), components={"schemas": components or {}}
    )


def an_object(*required: str, **properties) -> dict:
    return {"type": "object", "properties": properties, "required": list(required)}
