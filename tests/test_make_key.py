"""Keys for apps: what is printed fits the setting, and only the app can use it."""

import re

import pytest

from api import make_key
from api.app import create_app
from api.config import read_config

PRINTED = re.compile(
    r"For the app, in X-API-Key: (\S{43})\nFor NIGHTCRAMP_API_KEYS:   (\S+)\n"
)


def test_a_key_raises_the_limits_of_the_app_it_is_made_for(library, capsys):
    assert make_key.main(["sleep-app"]) == 0
    found = PRINTED.fullmatch(capsys.readouterr().out)
    assert found, "the guide shows it so"
    key, setting = found.groups()
    assert setting.startswith("sleep-app:")
    assert key not in setting
    config = read_config({"NIGHTCRAMP_API_KEYS": setting})
    client = create_app(library, config).test_client()
    answer = client.get("/v1/search?q=cramp", headers={"X-API-Key": key})
    assert answer.headers["RateLimit-Policy"] == '"searches";q=30000;w=60'


def test_no_two_keys_are_the_same(capsys):
    for _ in range(2):
        make_key.main(["sleep-app"])
    first, second = PRINTED.findall(capsys.readouterr().out)
    assert set(first).isdisjoint(second)


@pytest.mark.parametrize(
    "arguments", [[], [""], ["Sleep"], ["a", "b"], ["a:b"], ["a,b"], ["x" * 41]]
)
def test_what_names_no_app_is_refused(capsys, arguments):
    assert make_key.main(arguments) == 1
    out, error = capsys.readouterr()
    assert out == ""
    assert "Name the app" in error
