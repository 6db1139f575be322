"""Which ids are taken over from a client."""

import pytest

from api.telemetry.identity import identify

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
TRACED = f"00-{TRACE}-{PARENT}-01"


def of(**headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return identify(named.get)


@pytest.mark.parametrize(
    "sent", ["a", "3f2a", "2f1c-44aa:b/c+d=e_f.g", "A" * 128, TRACED]
)
def test_a_plain_id_is_taken_over(sent):
    assert of(x_request_id=sent).request == sent


FORGED = [
    "",
    " ",
    "a b",
    "a\nb",
    "a\r\nb",
    'a"b',
    "a\\b",
    "a{}",
    "<script>",
    "é",
    "a,b",
    "-a",
    "A" * 129,
    "a\x00",
    "a\n",
]


@pytest.mark.parametrize("sent", FORGED)
def test_an_id_that_could_forge_a_line_is_not(sent):
    found = of(x_request_id=sent).request
    assert found != sent
    assert len(found) == 32
    assert int(found, 16)


def test_each_request_without_an_id_has_a_new_one():
    assert len({of().request for _ in range(1000)}) == 1000


def test_a_trace_names_its_request():
    assert of(traceparent=TRACED) == (TRACE, TRACE, PARENT)


def test_an_id_of_its_own_is_stronger_than_the_trace():
    assert of(x_request_id="mine", traceparent=TRACED) == ("mine", TRACE, PARENT)


def test_a_forged_id_gives_way_to_the_trace():
    assert of(x_request_id='"', traceparent=TRACED).request == TRACE


@pytest.mark.parametrize("version", ["01", "cc", "fe"])
def test_a_later_version_may_say_more(version):
    assert of(traceparent=f"{version}{TRACED[2:]}-more").trace == TRACE


@pytest.mark.parametrize(
    "sent",
    [
        "",
        f"ff{TRACED[2:]}",
        f"{TRACED}-more",
        TRACED.upper(),
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        TRACED[:-1],
        f"{TRACED}\n",
        f" {TRACED}",
        f"{TRACED},{TRACED}",
    ],
)
def test_a_trace_that_is_not_valid_is_none(sent):
    found = of(traceparent=sent)
    assert (found.trace, found.parent) == ("", "")
    assert len(found.request) == 32
