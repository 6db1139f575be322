"""Settings from the environment: one table, the same as in the README.

Every problem is reported at once, a setting that does not exist among them: one that is
misspelt would otherwise change nothing, and nobody would notice.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "NIGHTCRAMP_"
CONTENT = Path(__file__).resolve().parent.parent / "content"

API_KEY = re.compile(r"([a-z0-9][a-z0-9-]{0,39}):([0-9a-f]{64})")
"""The name of an app and the SHA-256 of its key: what leaks from here opens nothing."""


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
    content: Path = CONTENT
    edition: bool = True
    trusted_proxies: int = 0
    rate_limit: bool = True
    rate_limit_storage: str = ""
    evaluations_per_minute: int = 3000
    searches_per_minute: int = 3000
    api_keys: tuple[tuple[str, str], ...] = ()
    log: str = "errors"
    metrics: bool = True


class Unusable(Exception):
    """A value that a setting cannot have; the message says which it can."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table: `read` makes the value of `field` from the text."""

    name: str
    field: str
    default: str
    meaning: str
    read: Callable[[str], Any]
    secret: bool = False
    """Its value may hold a password, and is never shown."""


def _number(lowest: int, highest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        readable = text.isascii() and text.isdigit() and len(text) <= 9
        if readable and lowest <= int(text) <= highest:
            return int(text)
        raise Unusable(f"use a whole number from {lowest} to {highest}")

    return read


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise Unusable(f"use {', '.join(words[:-1])} or {words[-1]}")
        return text

    return read


def _switch(text: str) -> bool:
    return _one_of("on", "off")(text) == "on"


def _folder(text: str) -> Path:
    path = Path(text).absolute()  # a link stays one: it may lead elsewhere by a reload
    if not path.is_dir():
        raise Unusable("use a folder that is there")
    return path


def _address(text: str) -> str:
    """What can begin the address of every link."""
    url = text.rstrip("/")
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    extra = parts.query or parts.fragment or parts.username
    if parts.scheme not in ("http", "https") or not parts.netloc or extra:
        raise Unusable("use an address such as https://api.example.org")
    return url


def _storage(text: str) -> str:
    if urlsplit(text).scheme not in ("redis", "rediss", "unix"):
        raise Unusable("use an address such as redis://127.0.0.1:6379/0")
    return text


def _api_keys(text: str) -> tuple[tuple[str, str], ...]:
    entries = [API_KEY.fullmatch(entry) for entry in re.split(r"[,\s]+", text.strip())]
    pairs = [(entry[1], entry[2]) for entry in entries if entry]
    if len(pairs) < len(entries):
        raise Unusable("use name:hash for each, as `make api-key` prints it")
    if any(len(set(column)) < len(pairs) for column in zip(*pairs, strict=True)):
        raise Unusable("a name or a hash stands there twice")
    return tuple(pairs)


PER_MINUTE = _number(1, 1_000_000)

SETTINGS = (
    Setting("HOST", "host", "127.0.0.1", "address to listen on", str),
    Setting("PORT", "port", "8000", "port to listen on", _number(1, 65535)),
    Setting(
        "NIGHTCRAMP_WORKERS",
        "workers",
        "2",
        "server processes",
        _number(1, 64),
    ),
    Setting(
        "NIGHTCRAMP_PUBLIC_URL",
        "public_url",
        "http://HOST:PORT",
        "how clients reach the service, with a prefix if any; all links begin with it",
        _address,
    ),
    Setting(
        "NIGHTCRAMP_TRUSTED_PROXIES",
        "trusted_proxies",
        "0",
        "how many proxies in a row to believe the `X-Forwarded-For` of",
        _number(0, 10),
    ),
    Setting(
        "NIGHTCRAMP_CONTENT",
        "content",
        "content",
        "the folder of the content that is served",
        _folder,
    ),
    Setting(
        "NIGHTCRAMP_EDITION",
        "edition",
        "on",
        "keep published answers ready; `off` renders each anew, with the same bytes",
        _switch,
    ),
    Setting(
        "NIGHTCRAMP_RATE_LIMIT",
        "rate_limit",
        "on",
        "limit what costs: evaluations and searches of one client; `off` does not",
        _switch,
    ),
    Setting(
        "NIGHTCRAMP_EVALUATIONS_PER_MINUTE",
        "evaluations_per_minute",
        "3000",
        "for each client without a key; ten times as many with one",
        PER_MINUTE,
    ),
    Setting(
        "NIGHTCRAMP_SEARCHES_PER_MINUTE",
        "searches_per_minute",
        "3000",
        "the same for searches",
        PER_MINUTE,
    ),
    Setting(
        "NIGHTCRAMP_RATE_LIMIT_STORAGE",
        "rate_limit_storage",
        "",
        "Redis to count in, such as `redis://127.0.0.1:6379/0`; none: in memory",
        _storage,
        secret=True,
    ),
    Setting(
        "NIGHTCRAMP_API_KEYS",
        "api_keys",
        "",
        "`name:hash` for each app with a key, as `make api-key` prints it",
        _api_keys,
        secret=True,
    ),
    Setting(
        "NIGHTCRAMP_LOG",
        "log",
        "errors",
        "requests that are logged: `all`, `errors` or `none`",
        _one_of("all", "errors", "none"),
    ),
    Setting(
        "NIGHTCRAMP_METRICS",
        "metrics",
        "on",
        "answer `/metrics`; `off` does not",
        _switch,
    ),
)
"""Every setting. An empty variable is as good as none."""


def read_config(environment: Mapping[str, str] = os.environ) -> Config:
    """The settings in `environment`, or ConfigError with every problem."""
    found: dict[str, Any] = {}
    problems = _unknown(environment)
    for setting in SETTINGS:
        if text := environment.get(setting.name):
            try:
                found[setting.field] = setting.read(text)
            except Unusable as error:
                shown = "" if setting.secret else f"={text!r}"
                problems.append(f"{setting.name}{shown}: {error}")
    if problems:
        raise ConfigError(problems)
    config = Config(**found)
    return config if "public_url" in found else replace(config, public_url=_own(config))


def _own(config: Config) -> str:
    """Where the service is when nothing stands before it."""
    host = "127.0.0.1" if config.host in ("0.0.0.0", "::") else config.host
    return (
        f"http://[{host}]:{config.port}"
        if ":" in host
        else f"http://{host}:{config.port}"
    )


def _unknown(environment: Mapping[str, str]) -> list[str]:
    known = {setting.name for setting in SETTINGS}
    return [
        f"{name}: there is no such setting; the README lists all there are"
        for name in sorted(environment)
        if name.startswith(PREFIX) and name not in known
    ]
