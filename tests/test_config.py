"""Settings: defaults, what may be set, and every problem at once."""

import pytest

from api.config import Config, ConfigError, read_config


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
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_its_value(name, text):
    with pytest.raises(ConfigError) as caught:
        read_config({name: text})
    (problem,) = caught.value.problems
    assert problem.startswith(f"{name}={text!r}: use ")


def test_every_problem_is_told_at_once():
    names = ["PORT", "NIGHTCRAMP_WORKERS", "NIGHTCRAMP_PUBLIC_URL"]
    with pytest.raises(ConfigError) as caught:
        read_config(dict.fromkeys(names, "x"))
    assert [p.split("=")[0] for p in caught.value.problems] == names
    assert all(problem in str(caught.value) for problem in caught.value.problems)


def test_the_environment_is_read_when_nothing_is_passed(monkeypatch):
    monkeypatch.setenv("PORT", "8123")
    assert read_config().port == 8123
