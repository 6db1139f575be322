"""Walking a condition."""

import pytest

from api.domain.conditions import (
    AllOf,
    AnyOf,
    AtLeast,
    Comparison,
    FactReference,
    Not,
    nodes,
)

YES = Comparison("pregnant", "is", "yes")
OLD = Comparison("age", "at_least", 60)
TWO = AtLeast(2, ("sweats", "fever", "chills"))
FACT = FactReference("clot_risk")
NEVER = Not(YES)
EITHER = AnyOf((OLD, FACT))
ALL = AllOf((NEVER, EITHER, TWO))


@pytest.mark.parametrize(
    ("condition", "inside"),
    [
        (YES, [YES]),
        (TWO, [TWO]),
        (FACT, [FACT]),
        (NEVER, [NEVER, YES]),
        (EITHER, [EITHER, OLD, FACT]),
        (ALL, [ALL, NEVER, YES, EITHER, OLD, FACT, TWO]),
        (AllOf((YES, YES)), [AllOf((YES, YES)), YES, YES]),
        (Not(Not(FACT)), [Not(Not(FACT)), Not(FACT), FACT]),
    ],
    ids=str,
)
def test_nodes_are_the_condition_and_all_inside_it_parents_first(condition, inside):
    assert list(nodes(condition)) == inside


def test_a_replacement_for_unknown_makes_another_condition():
    assert Comparison("pregnant", "is", "yes", if_unknown=False) != YES
