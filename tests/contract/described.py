"""The committed contract, as its readers see it: operations and example requests."""

from dataclasses import dataclass
from typing import Any

from api.contract import DESCRIPTION_FILE
from tests.test_contract import CONTRACT, OPERATIONS, response_of

__all__ = ["CONTRACT", "DESCRIPTION_FILE", "OPERATIONS", "READS"]

READS = [id for id, (_, method, _) in OPERATIONS.items() if method == "get"]


@dataclass(frozen=True)
class Request:
    """The request that an operation shows as its example."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any = None


def example_request(operation_id: str) -> Request:
    """It has every parameter that shows a value."""
    path, method, operation = OPERATIONS[operation_id]
    shown: dict[str, dict[str, str]] = {"path": {}, "query": {}, "header": {}}
    for parameter in parameters(operation_id):
        if (value := shown_value(parameter)) is not None:
            shown[parameter["in"]][parameter["name"]] = value
    body = operation.get("requestBody")
    return Request(
        method=method,
        path=path.format(**shown["path"]),
        query=shown["query"],
        headers=shown["header"],
        body=body and body["content"]["application/json"]["example"],
    )


def parameters(operation_id: str) -> list[dict]:
    """All parameters of an operation, those of its path among them."""
    path, _, operation = OPERATIONS[operation_id]
    shared = CONTRACT["paths"][path].get("parameters", [])
    return [resolved(p) for p in [*shared, *operation.get("parameters", [])]]


def resolved(parameter: dict) -> dict:
    if "$ref" not in parameter:
        return parameter
    return CONTRACT["components"]["parameters"][parameter["$ref"].rpartition("/")[2]]


def shown_value(parameter: dict) -> str | None:
    return parameter.get("example", parameter["schema"].get("example"))


def needed(operation_id: str) -> dict[str, str]:
    """The parameters without which the operation cannot be asked."""
    return {
        parameter["name"]: shown_value(parameter)
        for parameter in parameters(operation_id)
        if parameter.get("required")
    }


def example_answer(operation_id: str, status: str):
    """What the contract shows as the answer; None where it shows none."""
    _, response = response_of(operation_id, int(status))
    contents = list(response.get("content", {}).values())
    return contents[0].get("example") if contents else None
