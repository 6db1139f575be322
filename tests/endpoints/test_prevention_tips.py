"""What /v1/prevention-tips says."""

import pytest

from tests.endpoints.lists import everything

PATH = "/v1/prevention-tips"


@pytest.mark.parametrize(
    ("id", "verdict", "recommendation"),
    [
        ("magnesium", "unsupported", "no-benefit-shown"),
        ("magnesium-in-pregnancy", "mixed", "ask-first"),
        ("calcium-supplements", "unsupported", "no-benefit-shown"),
        ("daily-red-light", "commercial-claim", "commercial-claim"),
        ("health-cabin", "commercial-claim", "commercial-claim"),
        ("red-light-blood-oxygen", "commercial-claim", "commercial-claim"),
        ("quinine", "supported", "avoid"),
        ("bedtime-stretching", "mixed", "may-help"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_verdict_on_a_tip(client, id, verdict, recommendation, language):
    tip = client.get(f"{PATH}/{id}?lang={language}").get_json()
    assert tip["evidence"]["verdict"] == verdict
    assert tip["recommendation"] == recommendation


def test_nothing_unsupported_or_only_sold_is_recommended(client):
    allowed = {
        "unsupported": {"no-benefit-shown", "avoid"},
        "commercial-claim": {"commercial-claim"},
    }
    for verdict, recommendations in allowed.items():
        tips = everything(client, PATH, verdict=verdict)
        assert {tip["recommendation"] for tip in tips} <= recommendations


def test_no_tip_about_red_light_is_recommended(client):
    tips = [tip for tip in everything(client, PATH) if "red-light" in tip["id"]]
    assert len(tips) >= 3
    for tip in tips:
        assert tip["recommendation"] in ("commercial-claim", "no-benefit-shown")


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("recommendation", ["recommended", "may-help"])
def test_what_is_worth_doing_says_how(client, language, recommendation):
    tips = everything(client, PATH, lang=language, recommendation=recommendation)
    assert tips
    assert all(tip["how_to"] for tip in tips)


def test_what_harms_is_cautioned_against(client):
    for tip in everything(client, PATH, recommendation="avoid"):
        assert tip["cautions"]
