"""The gate: what is committed may follow what was released last."""

from api.compatibility.releases import DESCRIPTION, RELEASES, objections, read, released
from api.contract import DESCRIPTION_FILE


def test_the_committed_contract_keeps_what_the_last_release_promised():
    assert DESCRIPTION == DESCRIPTION_FILE
    problems = objections(read(DESCRIPTION), released(RELEASES))
    assert problems == [], "see `make compatibility`\n" + "\n".join(problems)
