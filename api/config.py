"""Settings from the environment, each with its default and its reason."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


class ConfigError(Exception):
    """Settings that cannot be used; `problems` has all of them."""

    def __init__(self, problems: list[str]):
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """How this process serves. Read it once, at start."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    public_url: str = "http://127.0.0.1:8000"
    edition: bool = True


def read_config(environment: Mapping[str, str] = os.environ) -> Config:
    """The settings in `environment`; ConfigError with every problem when there is one.

    HOST (127.0.0.1: nothing is reachable from outside unless asked for), PORT (8000),
    NIGHTCRAMP_WORKERS (2: one busy process must not make the others wait),
    NIGHTCRAMP_PUBLIC_URL (http://HOST:PORT: links are absolute, and behind a proxy the
    service cannot know its own address), NIGHTCRAMP_EDITION (on: published answers are
    kept ready; off: each is rendered anew, the same bytes, for comparison).
    """
    problems: list[str] = []
    host = environment.get("HOST") or "127.0.0.1"
    port = _number(environment, "PORT", 8000, (1, 65535), problems)
    workers = _number(environment, "NIGHTCRAMP_WORKERS", 2, (1, 64), problems)
    public_url = _public_url(environment, host, port, problems)
    edition = _switch(environment, "NIGHTCRAMP_EDITION", problems)
    if problems:
        raise ConfigError(problems)
    return Config(
        host=host, port=port, workers=workers, public_url=public_url, edition=edition
    )


def _switch(environment, name: str, problems: list[str]) -> bool:
    text = environment.get(name) or "on"
    if text not in ("on", "off"):
        problems.append(f"{name}={text!r}: use on or off")
    return text == "on"


def _number(environment, name: str, default: int, bounds, problems: list[str]) -> int:
    text = environment.get(name) or str(default)
    lowest, highest = bounds
    readable = text.isascii() and text.isdigit() and len(text) <= 9
    if readable and lowest <= int(text) <= highest:
        return int(text)
    problems.append(f"{name}={text!r}: use a whole number from {lowest} to {highest}")
    return default


def _public_url(environment, host: str, port: int, problems: list[str]) -> str:
    reachable = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    default = (
        f"http://[{reachable}]:{port}"
        if ":" in reachable
        else f"http://{reachable}:{port}"
    )
    url = (environment.get("NIGHTCRAMP_PUBLIC_URL") or default).rstrip("/")
    if not _is_address(url):
        problems.append(
            f"NIGHTCRAMP_PUBLIC_URL={url!r}: use an address such as https://api.example.org"
        )
    return url


def _is_address(url: str) -> bool:
    """Whether `url` can begin the address of every link."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    extra = parts.query or parts.fragment or parts.username
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not extra
