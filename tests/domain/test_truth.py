"""Kleene's logic, as tables."""

import itertools

import pytest

from api.domain.truth import (
    FALSE,
    TRUE,
    UNKNOWN,
    Truth,
    all_of,
    any_of,
    at_least,
    negation,
    of,
)

T, F, U = TRUE, FALSE, UNKNOWN
PAIRS = list(itertools.product([T, F, U], repeat=2))


@pytest.mark.parametrize(
    ("one", "other", "both", "either"),
    [
        (T, T, T, T),
        (T, F, F, T),
        (T, U, U, T),
        (F, F, F, F),
        (F, U, F, U),
        (U, U, U, U),
    ],
)
def test_both_and_either_in_any_order(one, other, both, either):
    assert all_of([one, other]) is all_of([other, one]) is both
    assert any_of([one, other]) is any_of([other, one]) is either


@pytest.mark.parametrize(("truth", "opposite"), [(T, F), (F, T), (U, U)])
def test_the_negation_of_unknown_is_unknown(truth, opposite):
    assert negation(truth) is opposite


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_de_morgan(one, other):
    denied = [negation(one), negation(other)]
    assert negation(all_of([one, other])) is any_of(denied)
    assert negation(any_of([one, other])) is all_of(denied)


@pytest.mark.parametrize("one", [T, F, U])
@pytest.mark.parametrize("rest", PAIRS)
def test_three_are_as_two_of_two(one, rest):
    assert all_of([one, *rest]) is all_of([one, all_of(rest)])
    assert any_of([one, *rest]) is any_of([one, any_of(rest)])


def test_all_of_nothing_holds_and_any_of_nothing_does_not():
    assert (all_of([]), any_of([])) == (T, F)


@pytest.mark.parametrize(
    ("count", "true", "unknown", "truth"),
    [
        (1, 0, 0, F),
        (1, 0, 1, U),
        (1, 1, 0, T),
        (1, 1, 9, T),
        (2, 0, 1, F),
        (2, 0, 2, U),
        (2, 1, 0, F),
        (2, 1, 1, U),
        (2, 2, 0, T),
        (2, 3, 1, T),
    ],
)
def test_at_least_counts_what_holds_and_what_may(count, true, unknown, truth):
    assert at_least(count, true, unknown) is truth


@pytest.mark.parametrize("true", range(3))
@pytest.mark.parametrize("unknown", range(3))
def test_at_least_one_is_any(true, unknown):
    assert at_least(1, true, unknown) is any_of([T] * true + [U] * unknown)


@pytest.mark.parametrize("truth", Truth)
def test_a_truth_is_never_a_bool(truth):
    with pytest.raises(
        TypeError, match="^a Truth is not a bool: compare it with `is`$"
    ):
        bool(truth)


def test_a_bool_becomes_a_truth():
    assert (of(True), of(False)) == (T, F)
