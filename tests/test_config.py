"""Settings: defaults, what may be set, and every problem at once."""

from pathlib import Path

import pytest

from api.config import CONTENT, SETTINGS, Config, ConfigError, read_config

README = Path(__file__).resolve().parent.parent / "README.md"
HASH = "0123456789abcdef" * 4
OTHER_HASH = "fedcba9876543210" * 4


def test_nothing_set_is_the_defaults():
    assert read_config({}) == Config()
    assert Config() == Config(
        host="127.0.0.1",
        port=8000,
        workers=2,
        public_url="http://127.0.0.1:8000",
    )


@pytest.mark.parametrize(
    ("environment", "name", "value"),
    [
        ({"HOST": "0.0.0.0"}, "host", "0.0.0.0"),
        ({"HOST": ""}, "host", "127.0.0.1"),
        ({"PORT": "1"}, "port", 1),
        ({"PORT": "65535"}, "port", 65535),
        ({"PORT": ""}, "port", 8000),
        ({"NIGHTCRAMP_WORKERS": "64"}, "workers", 64),
        ({"PORT": "9000"}, "public_url", "http://127.0.0.1:9000"),
        ({"HOST": "0.0.0.0"}, "public_url", "http://127.0.0.1:8000"),
        ({"HOST": "::"}, "public_url", "http://127.0.0.1:8000"),
        ({"HOST": "::1", "PORT": "1"}, "public_url", "http://[::1]:1"),
        ({"HOST": "api.local"}, "public_url", "http://api.local:8000"),
        (
            {"NIGHTCRAMP_PUBLIC_URL": "https://api.example.org", "PORT": "1"},
            "public_url",
            "https://api.example.org",
        ),
        (
            {"NIGHTCRAMP_PUBLIC_URL": "https://example.org/cramps//"},
            "public_url",
            "https://example.org/cramps",
        ),
        ({"NIGHTCRAMP_PUBLIC_URL": ""}, "public_url", "http://127.0.0.1:8000"),
        ({"UNKNOWN": "x"}, "host", "127.0.0.1"),
        ({"NIGHTCRAMP_CONTENT": "tests"}, "content", CONTENT.parent / "tests"),
        ({"NIGHTCRAMP_EDITION": "off"}, "edition", False),
        ({"NIGHTCRAMP_RATE_LIMIT": "off"}, "rate_limit", False),
        ({"NIGHTCRAMP_TRUSTED_PROXIES": "2"}, "trusted_proxies", 2),
        ({"NIGHTCRAMP_EVALUATIONS_PER_MINUTE": "7"}, "evaluations_per_minute", 7),
        ({"NIGHTCRAMP_SEARCHES_PER_MINUTE": "7"}, "searches_per_minute", 7),
        (
            {"NIGHTCRAMP_RATE_LIMIT_STORAGE": "redis://127.0.0.1:6379/1"},
            "rate_limit_storage",
            "redis://127.0.0.1:6379/1",
        ),
        (
            {"NIGHTCRAMP_API_KEYS": f"sleep-app:{HASH}, run-app:{OTHER_HASH}"},
            "api_keys",
            (("sleep-app", HASH), ("run-app", OTHER_HASH)),
        ),
        ({"NIGHTCRAMP_LOG": "all"}, "log", "all"),
        ({"NIGHTCRAMP_METRICS": "off"}, "metrics", False),
    ],
)
def test_a_setting_is_read(environment, name, value):
    assert getattr(read_config(environment), name) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "80.0"),
        ("PORT", " 80"),
        ("PORT", "٨٠"),
        ("PORT", "http"),
        ("PORT", "9" * 5000),
        ("NIGHTCRAMP_WORKERS", "0"),
        ("NIGHTCRAMP_WORKERS", "65"),
        ("NIGHTCRAMP_WORKERS", "many"),
        ("NIGHTCRAMP_PUBLIC_URL", "api.example.org"),
        ("NIGHTCRAMP_PUBLIC_URL", "ftp://api.example.org"),
        ("NIGHTCRAMP_PUBLIC_URL", "https:"),
        ("NIGHTCRAMP_PUBLIC_URL", "http://[x"),
        ("NIGHTCRAMP_PUBLIC_URL", "https://api.example.org#top"),
        ("NIGHTCRAMP_PUBLIC_URL", "https://me:secret@api.example.org"),
        ("NIGHTCRAMP_PUBLIC_URL", "https://api.example.org?lang=ru"),
        ("NIGHTCRAMP_CONTENT", "/no/such/folder"),
        ("NIGHTCRAMP_EDITION", "yes"),
        ("NIGHTCRAMP_RATE_LIMIT", "true"),
        ("NIGHTCRAMP_TRUSTED_PROXIES", "11"),
        ("NIGHTCRAMP_EVALUATIONS_PER_MINUTE", "0"),
        ("NIGHTCRAMP_SEARCHES_PER_MINUTE", "60/minute"),
        ("NIGHTCRAMP_LOG", "debug"),
        ("NIGHTCRAMP_METRICS", "9090"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_its_value(name, text):
    with pytest.raises(ConfigError) as caught:
        read_config({name: text})
    (problem,) = caught.value.problems
    assert problem.startswith(f"{name}={text!r}: use ")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("NIGHTCRAMP_RATE_LIMIT_STORAGE", "memcached://:secret@cache"),
        ("NIGHTCRAMP_API_KEYS", "sleep-app:secret"),
        ("NIGHTCRAMP_API_KEYS", f"secret:{HASH},secret:{OTHER_HASH}"),
        ("NIGHTCRAMP_API_KEYS", f"secret:{HASH},another:{HASH}"),
    ],
)
def test_what_may_be_a_secret_is_not_shown(name, text):
    with pytest.raises(ConfigError) as caught:
        read_config({name: text})
    (problem,) = caught.value.problems
    assert problem.startswith(f"{name}: ")
    assert "secret" not in problem


def test_a_misspelt_setting_is_a_problem():
    with pytest.raises(ConfigError, match="NIGHTCRAMP_WORKER: there is no such"):
        read_config({"NIGHTCRAMP_WORKER": "3"})


def test_the_table_of_the_readme_is_the_table_of_the_code():
    defaults = {row.name: f"`{row.default}`" if row.default else "" for row in SETTINGS}
    rows = [f"| `{s.name}` | {defaults[s.name]} | {s.meaning} |" for s in SETTINGS]
    head = "| setting | default | meaning |\n| --- | --- | --- |\n"
    assert head + "\n".join(rows) + "\n\n" in README.read_text(encoding="utf-8")


def test_a_default_of_the_table_is_what_is_used():
    for setting in SETTINGS:
        if setting.default and setting.field != "public_url":
            assert setting.read(setting.default) == getattr(Config(), setting.field)
    assert {setting.field for setting in SETTINGS} == set(Config.__dataclass_fields__)


def test_every_problem_is_told_at_once():
    names = ["PORT", "NIGHTCRAMP_WORKERS", "NIGHTCRAMP_PUBLIC_URL"]
    with pytest.raises(ConfigError) as caught:
        read_config(dict.fromkeys(names, "x"))
    assert [p.split("=")[0] for p in caught.value.problems] == names
    assert all(problem in str(caught.value) for problem in caught.value.problems)


def test_the_environment_is_read_when_nothing_is_passed(monkeypatch):
    monkeypatch.setenv("PORT", "8123")
    assert read_config().port == 8123
