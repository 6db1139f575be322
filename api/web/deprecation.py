"""Operations that are going to go: announced in headers, in the contract, in words.

`deprecated` stands between `reads` or `writes` and the view. All answers of such an
operation say since when (RFC 9745), until when (RFC 8594), and where the notice is;
from the day of its sunset on, it answers 410.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from flask import Flask, Response, current_app, request
from werkzeug.http import http_date

from api.web.current import library, now

NOTICE_DAYS = 365
"""How long a sunset is announced before it comes: what clients were promised."""

MARK = "x-deprecation"
"""Where the contract has what is known of it, until `document` puts it into words."""

HEADERS = {
    "Deprecation": "Since when the operation is deprecated (RFC 9745).",
    "Sunset": "When the operation ends (RFC 8594).",
}


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Since when, until when, and the address of the notice that says why."""

    since: date
    sunset: date | None
    notice: str

    def headers(self, public_url: str) -> list[tuple[str, str]]:
        """What every answer says; midnight is that of UTC."""
        notice = f"<{self.address(public_url)}>"
        told = [("Deprecation", f"@{int(_midnight(self.since).timestamp())}")]
        links = [("Link", f'{notice}; rel="deprecation"')]
        if self.sunset:
            told.append(("Sunset", http_date(_midnight(self.sunset))))
            links.append(("Link", f'{notice}; rel="sunset"'))
        return told + links

    def address(self, public_url: str) -> str:
        """The notice, which may be a path of this service."""
        local = self.notice.startswith("/")
        return f"{public_url}{self.notice}" if local else self.notice

    def record(self) -> dict[str, str]:
        """As plain data."""
        sunset = {"sunset": f"{self.sunset}"} if self.sunset else {}
        return {"since": f"{self.since}", "notice": self.notice, **sunset}

    def is_over(self, moment: datetime) -> bool:
        return self.sunset is not None and moment >= _midnight(self.sunset)


class Retired(Exception):
    """Raised by what has had its sunset."""

    def __init__(self, deprecation: Deprecation):
        super().__init__(deprecation)
        self.deprecation = deprecation


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def deprecated(since: date, sunset: date | None, notice: str) -> Callable:
    """Announce the end of the operation that `reads` or `writes` makes of the view.

    `notice` is an address, or a path of this service, that says what to use instead.
    """
    if sunset and (sunset - since).days < NOTICE_DAYS:
        raise ValueError(f"a sunset is announced {NOTICE_DAYS} days before")

    def decorate(view: Callable) -> Callable:
        if hasattr(view, "_apidoc"):
            raise TypeError("@deprecated stands below @reads or @writes")
        view.deprecation = Deprecation(since, sunset, notice)  # type: ignore[attr-defined]
        return view

    return decorate


def mark_of(view: Callable) -> dict:
    """What the contract is to remember of a view, for `document`."""
    found = deprecation_of(view)
    return {"deprecated": True, MARK: found.record()} if found else {}


def deprecation_of(view: Callable | None) -> Deprecation | None:
    """What `deprecated` said of a view: the decorators around it hand it on."""
    return getattr(view, "deprecation", None)


def register(app: Flask) -> None:
    """Say in each answer of a deprecated operation that it is one, or that it was."""

    @app.before_request
    def refuse_after_sunset() -> None:
        found = _of_request()
        if found and found.is_over(now()):
            raise Retired(found)

    @app.after_request
    def announce(response: Response) -> Response:
        if found := _of_request():
            for name, value in found.headers(library().public_url):
                response.headers.add(name, value)
        return response


def _of_request() -> Deprecation | None:
    """The deprecation of the operation at hand; a preflight asks for none."""
    if request.endpoint is None or request.method == "OPTIONS":
        return None
    return deprecation_of(current_app.view_functions[request.endpoint])


def document(description: dict, public_url: str) -> None:
    """Put into the contract what is marked there: words, headers, and the last 410."""
    for item in description["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict) and (mark := operation.pop(MARK, None)):
                _document(operation, mark, description["components"], public_url)


def _document(
    operation: dict, mark: dict[str, str], components: dict, public_url: str
) -> None:
    words = [operation.get("description", ""), _sentence(mark, public_url)]
    operation["description"] = "\n\n".join(filter(None, words))
    answers = operation["responses"]
    if "sunset" in mark:
        ended = {"description": "The operation has ended; the problem says more."}
        answers.setdefault("410", components["responses"]["Gone"] | ended)
    headers = {
        name: {"description": said, "required": True, "schema": {"type": "string"}}
        for name, said in HEADERS.items()
        if name == "Deprecation" or "sunset" in mark
    }
    operation["responses"] = {
        status: _with_headers(answers[status], headers, components)
        for status in sorted(answers)
    }


def _sentence(mark: dict[str, str], public_url: str) -> str:
    ends = f" and answers 410 from {mark['sunset']} on" if "sunset" in mark else ""
    notice = Deprecation(date.min, None, mark["notice"]).address(public_url)
    return f"Deprecated since {mark['since']}{ends}: see {notice}"


def _with_headers(answer: dict, headers: dict, components: dict) -> dict:
    """The answer with more headers; one that is shared is written out for that."""
    name = answer.get("$ref", "").rpartition("/")[2]
    own = components["responses"][name] if name else answer
    return {**own, "headers": own.get("headers", {}) | headers}
