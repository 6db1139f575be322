"""What counts as saying more than a claim allows."""

import pytest

from api.domain.evidence import Certainty, Claim, Evidence, Verdict, is_stronger

VERDICTS = ["supported", "mixed", "contested", "unsupported", "commercial-claim"]
CERTAINTIES = ["high", "moderate", "low", "very-low"]


def neighbours(values):
    return list(zip(values, values[1:], strict=False))


def evidence(verdict, certainty):
    return Evidence(
        verdict=Verdict(verdict),
        certainty=Certainty(certainty),
        why="",
        claims=(),
        sources=(),
    )


def claim(verdict, certainty):
    return Claim(
        id="a-claim",
        text="",
        origin="popular",
        verdict=Verdict(verdict),
        certainty=Certainty(certainty),
        why="",
        populations=(),
        sources=(),
    )


@pytest.mark.parametrize(
    ("said", "allowed", "stronger"),
    [
        (("mixed", "low"), ("mixed", "low"), False),
        (("contested", "low"), ("mixed", "low"), False),
        (("mixed", "very-low"), ("mixed", "low"), False),
        (("unsupported", "very-low"), ("supported", "high"), False),
        (("supported", "low"), ("mixed", "low"), True),
        (("mixed", "moderate"), ("mixed", "low"), True),
        (("supported", "high"), ("commercial-claim", "very-low"), True),
        (("supported", "very-low"), ("mixed", "high"), True),
        (("unsupported", "high"), ("supported", "low"), True),
    ],
)
def test_evidence_is_stronger_when_its_verdict_or_its_certainty_is(
    said, allowed, stronger
):
    assert is_stronger(evidence(*said), claim(*allowed)) is stronger


@pytest.mark.parametrize(("stronger", "weaker"), neighbours(VERDICTS))
def test_a_verdict_is_stronger_than_the_next_and_not_the_other_way(stronger, weaker):
    assert is_stronger(evidence(stronger, "low"), claim(weaker, "low"))
    assert not is_stronger(evidence(weaker, "low"), claim(stronger, "low"))


@pytest.mark.parametrize(("surer", "less_sure"), neighbours(CERTAINTIES))
def test_a_certainty_is_stronger_than_the_next_and_not_the_other_way(surer, less_sure):
    assert is_stronger(evidence("mixed", surer), claim("mixed", less_sure))
    assert not is_stronger(evidence("mixed", less_sure), claim("mixed", surer))
