"""What conditions come to, and how that is explained."""

import pytest

from api.domain.answers import NOT_KNOWN, state_of
from api.domain.conditions import (
    AllOf,
    AnyOf,
    AtLeast,
    Comparison,
    FactReference,
    Not,
)
from api.domain.findings import (
    Finding,
    Reason,
    compile_condition,
    compile_facts,
    explain,
    missing,
    reasons,
)
from api.domain.truth import FALSE, TRUE, UNKNOWN
from tests.domain.examples import fact, yes

T, F, U = TRUE, FALSE, UNKNOWN
QUESTIONS = ("a", "b", "c", "d", "age", "onset")
A, B, C = yes("a"), yes("b"), yes("c")
OLD = Comparison("age", "at_least", 60)
SUDDEN = Comparison("onset", "is", "sudden")
TWO = AtLeast(2, ("a", "b", "c"))
ONE = AtLeast(1, ("a", "b"))
FACTS = compile_facts(
    (
        fact("ill", AnyOf((A, B))),
        fact("old_and_ill", AllOf((OLD, FactReference("ill")))),
        fact("presumed_old", Comparison("age", "at_least", 60, if_unknown=True)),
    )
)
ILL, OLD_AND_ILL = FactReference("ill"), FactReference("old_and_ill")


def compiled(condition):
    return compile_condition(condition, FACTS)


def state(**answers):
    return state_of(answers, QUESTIONS)


def answers(letters):
    """`y`, `n` and `u` for a, b, c in turn; `-` is not asked."""
    known = {"y": "yes", "n": "no", "u": NOT_KNOWN}
    pairs = zip("abcd", letters, strict=False)
    return {id: known[letter] for id, letter in pairs if letter != "-"}


def judged(condition, **given):
    return compiled(condition).judge(state(**given))


@pytest.mark.parametrize(
    ("comparison", "bound", "below", "at", "above"),
    [
        ("above", 60, F, F, T),
        ("at_least", 60, F, T, T),
        ("below", 60, T, F, F),
        ("at_most", 60, T, T, F),
        ("is", 60, F, T, F),
    ],
)
def test_a_number_is_compared_at_its_bound_and_beside_it(
    comparison, bound, below, at, above
):
    condition = Comparison("age", comparison, bound)
    beside = (bound - 1, bound - 0.1, bound, float(bound), bound + 0.1, bound + 1)
    found = [judged(condition, age=age) for age in beside]
    assert found == [below, below, at, at, above, above]


@pytest.mark.parametrize(
    ("condition", "given", "truth"),
    [
        (A, {"a": "yes"}, T),
        (A, {"a": "no"}, F),
        (Comparison("a", "is", "no"), {"a": "no"}, T),
        (Comparison("a", "is", "no"), {"a": "yes"}, F),
        (SUDDEN, {"onset": "sudden"}, T),
        (SUDDEN, {"onset": "slow"}, F),
        (Comparison("onset", "in", ("sudden", "days")), {"onset": "sudden"}, T),
        (Comparison("onset", "in", ("sudden", "days")), {"onset": "days"}, T),
        (Comparison("onset", "in", ("sudden", "days")), {"onset": "slow"}, F),
        (Comparison("age", "above", 0), {"age": 0}, F),
        (Comparison("age", "at_most", 0), {"age": 0}, T),
    ],
)
def test_an_answer_is_compared_with_a_value(condition, given, truth):
    assert judged(condition, **given) is truth


@pytest.mark.parametrize(
    "condition",
    [
        Comparison("age", comparison, 60)
        for comparison in ("is", "above", "at_least", "below", "at_most")
    ]
    + [SUDDEN, Comparison("onset", "in", ("sudden",)), A, Comparison("a", "is", "no")],
    ids=str,
)
@pytest.mark.parametrize("known", [{}, {"age": NOT_KNOWN, "onset": NOT_KNOWN}])
def test_an_absent_or_unknown_answer_leaves_a_comparison_unknown(condition, known):
    assert judged(condition, **known) is U
    assert judged(Not(condition), **known) is U


@pytest.mark.parametrize(
    ("count", "letters", "truth"),
    [
        (1, "nnn", F),
        (1, "nnu", U),
        (1, "nn-", U),
        (1, "ynn", T),
        (1, "yuu", T),
        (1, "nny", T),
        (1, "---", U),
        (2, "nnn", F),
        (2, "ynn", F),
        (2, "nnu", F),
        (2, "ynu", U),
        (2, "nu-", U),
        (2, "yny", T),
        (2, "yyu", T),
        (2, "yyy", T),
        (3, "yy-", U),
        (3, "yyn", F),
        (3, "uun", F),
        (3, "yyy", T),
    ],
)
def test_at_least_counts_yes_and_what_may_still_be(count, letters, truth):
    condition = AtLeast(count, ("a", "b", "c"))
    assert judged(condition, **answers(letters)) is truth


@pytest.mark.parametrize(
    ("letters", "both", "either"),
    [
        ("yy", T, T),
        ("yn", F, T),
        ("ny", F, T),
        ("nn", F, F),
        ("yu", U, T),
        ("uy", U, T),
        ("nu", F, U),
        ("un", F, U),
        ("uu", U, U),
        ("--", U, U),
    ],
)
def test_all_and_any_follow_the_truth_tables(letters, both, either):
    assert judged(AllOf((A, B)), **answers(letters)) is both
    assert judged(AnyOf((A, B)), **answers(letters)) is either
    assert judged(Not(AllOf((A, B))), **answers(letters)) is judged(
        AnyOf((Not(A), Not(B))), **answers(letters)
    )


@pytest.mark.parametrize(
    ("given", "ill", "old_and_ill"),
    [
        ({}, U, U),
        ({"a": "yes"}, T, U),
        ({"a": "yes", "age": 60}, T, T),
        ({"a": "yes", "age": 59}, T, F),
        ({"age": 59}, U, F),
        ({"a": "no", "b": "no", "age": 60}, F, F),
    ],
)
def test_a_fact_is_its_condition_and_may_use_those_before_it(given, ill, old_and_ill):
    assert judged(ILL, **given) is ill
    assert judged(OLD_AND_ILL, **given) is old_and_ill
    assert judged(Not(ILL), **given) is judged(Not(AnyOf((A, B))), **given)


def test_a_fact_is_judged_once_for_a_state():
    known = state(a="yes")
    assert compiled(ILL).judge(known) is T
    known.yes.clear()
    assert compiled(AllOf((ILL, ILL))).judge(known) is T
    assert compiled(ILL).judge(state()) is U


@pytest.mark.parametrize(
    ("condition", "letters", "truth"),
    [
        (yes("a", True), "-", T),
        (yes("a", True), "u", T),
        (yes("a", True), "n", F),
        (yes("a", False), "-", F),
        (yes("a", False), "u", F),
        (yes("a", False), "y", T),
        (AtLeast(2, ("a", "b"), if_unknown=True), "y-", T),
        (AtLeast(2, ("a", "b"), if_unknown=True), "n-", F),
        (AtLeast(2, ("a", "b"), if_unknown=False), "yu", F),
        (FactReference("ill", if_unknown=True), "n-", T),
        (FactReference("ill", if_unknown=True), "nn", F),
        (FactReference("ill", if_unknown=False), "-y", T),
        (AllOf((A, B), if_unknown=True), "y-", T),
        (AllOf((A, B), if_unknown=True), "n-", F),
        (AnyOf((A, B), if_unknown=False), "n-", F),
        (AnyOf((A, B), if_unknown=False), "y-", T),
        (Not(A, if_unknown=True), "-", T),
        (Not(A, if_unknown=True), "y", F),
        (Not(A, if_unknown=False), "-", F),
        # Nested: a replacement is seen from outside, the outer one then unneeded.
        (Not(yes("a", True)), "-", F),
        (Not(yes("a", False)), "-", T),
        (Not(yes("a", False), if_unknown=False), "-", T),
        (AllOf((yes("a", True), B)), "--", U),
        (AllOf((yes("a", True), B)), "-y", T),
        (AllOf((yes("a", False), B)), "--", F),
        (AllOf((yes("a", True), B), if_unknown=False), "--", F),
        (AnyOf((yes("a", False), yes("b", True))), "--", T),
    ],
    ids=str,
)
def test_if_unknown_replaces_only_an_unknown_and_only_there(condition, letters, truth):
    assert judged(condition, **answers(letters)) is truth


@pytest.mark.parametrize(
    ("condition", "letters", "bare"),
    [
        (yes("a", True), "-", U),
        (yes("a", False), "u", U),
        (yes("a", True), "y", T),
        (AllOf((yes("a", True), B)), "-y", U),
        (AllOf((yes("a", True), B)), "-n", F),
        (AnyOf((yes("a", False), B)), "-n", U),
        (Not(yes("a", True)), "-", U),
        (FactReference("presumed_old"), "-", U),
    ],
    ids=str,
)
def test_presumptions_can_be_left_out(condition, letters, bare):
    known = state(**answers(letters))
    compiled(condition).judge(known)
    assert compiled(condition).judge(known.without_presumptions()) is bare


@pytest.mark.parametrize(
    ("condition", "letters", "presumes"),
    [
        (yes("a", True), "-", True),
        (yes("a", False), "-", True),
        (yes("a", True), "y", False),
        (yes("a", True), "n", False),
        (A, "-", False),
        (AllOf((yes("a", True), B)), "-y", False),
    ],
    ids=str,
)
def test_a_condition_presumes_by_its_own_if_unknown_only(condition, letters, presumes):
    known = state(**answers(letters))
    assert compiled(condition).presumes(known) is presumes
    assert not compiled(condition).presumes(known.without_presumptions())


PRESUMED_A = Reason("a", None, presumed=True)
A_YES, A_NO = Reason("a", "yes"), Reason("a", "no")
B_YES, B_NO = Reason("b", "yes"), Reason("b", "no")
C_YES, C_NO = Reason("c", "yes"), Reason("c", "no")


@pytest.mark.parametrize(
    ("condition", "letters", "because"),
    [
        (A, "y", [A_YES]),
        (A, "n", [A_NO]),
        (A, "-", []),
        (A, "u", []),
        # Enough yes: only those. Not enough: everything that was answered.
        (ONE, "yn", [A_YES]),
        (ONE, "y-", [A_YES]),
        (ONE, "yy", [A_YES, B_YES]),
        (ONE, "nn", [A_NO, B_NO]),
        (ONE, "n-", [A_NO]),
        (TWO, "yny", [A_YES, C_YES]),
        (TWO, "yn-", [A_YES, B_NO]),
        (TWO, "ynn", [A_YES, B_NO, C_NO]),
        # One true part is enough for any, one false part for all.
        (AnyOf((A, B)), "yn", [A_YES]),
        (AnyOf((A, B)), "yy", [A_YES, B_YES]),
        (AnyOf((A, B)), "nn", [A_NO, B_NO]),
        (AnyOf((A, B)), "n-", [A_NO]),
        (AllOf((A, B)), "yy", [A_YES, B_YES]),
        (AllOf((A, B)), "yn", [B_NO]),
        (AllOf((A, B)), "y-", [A_YES]),
        (AllOf((A, B)), "n-", [A_NO]),
        (Not(A), "y", [A_YES]),
        (Not(AnyOf((A, B))), "yn", [A_YES]),
        (ILL, "ny", [B_YES]),
        # A question is named once, where it comes first.
        (AllOf((B, AnyOf((A, B)))), "yy", [B_YES, A_YES]),
        # What is presumed is named with what it lacks.
        (yes("a", True), "-", [PRESUMED_A]),
        (yes("a", True), "y", [A_YES]),
        (yes("a", False), "u", [PRESUMED_A]),
        (AllOf((B, yes("a", True))), "-y", [B_YES, PRESUMED_A]),
        (AnyOf((B, yes("a", True))), "-n", [PRESUMED_A]),
        (Not(A, if_unknown=True), "-", [PRESUMED_A]),
        (AllOf((A, B), if_unknown=True), "-y", [PRESUMED_A, B_YES]),
        (AtLeast(2, ("b", "a"), if_unknown=True), "-y", [PRESUMED_A, B_YES]),
        (
            AtLeast(1, ("b", "a"), if_unknown=True),
            "--",
            [PRESUMED_A, Reason("b", None, presumed=True)],
        ),
    ],
    ids=str,
)
def test_the_reasons_are_the_answers_that_made_it_so(condition, letters, because):
    assert list(reasons(compiled(condition), state(**answers(letters)))) == because


def test_the_reason_of_a_number_or_choice_is_the_answer_itself():
    known = state(age=0, onset="slow")
    assert reasons(compiled(OLD), known) == (Reason("age", 0),)
    assert reasons(compiled(SUDDEN), known) == (Reason("onset", "slow"),)


@pytest.mark.parametrize(
    ("condition", "letters", "lacking"),
    [
        (A, "-", "a"),
        (A, "u", "a"),
        (A, "y", ""),
        (A, "n", ""),
        (TWO, "---", "abc"),
        (TWO, "y--", "bc"),
        (TWO, "yn-", "c"),
        (TWO, "ynn", ""),
        (TWO, "yy-", ""),
        (TWO, "nn-", ""),
        (AllOf((A, B)), "--", "ab"),
        (AllOf((A, B)), "y-", "b"),
        (AllOf((A, B)), "n-", ""),
        (AnyOf((A, B)), "n-", "b"),
        (AnyOf((A, B)), "y-", ""),
        # A part that is settled has nothing missing, whatever it lacks.
        (AllOf((AnyOf((A, B)), C)), "y--", "c"),
        (AnyOf((AllOf((A, B)), C)), "n--", "c"),
        (Not(AllOf((A, B))), "y-", "b"),
        (ILL, "n-", "b"),
        (yes("a", True), "-", ""),
        (AllOf((yes("a", True), B)), "--", "b"),
    ],
    ids=str,
)
def test_missing_is_what_could_still_settle_it(condition, letters, lacking):
    known = state(**answers(letters))
    assert missing(compiled(condition), known) == set(lacking)


def test_an_explanation_has_the_findings_of_every_part():
    presumed = Comparison("age", "above", 9, if_unknown=True)
    found = explain(compiled(AllOf((AnyOf((A, B)), Not(C), presumed))), state(a="yes"))
    either, denied, old = found.parts
    open_b = Finding(U, B, False, (), frozenset("b"), ())
    open_c = Finding(U, C, False, (), frozenset("c"), ())
    age = Reason("age", None, presumed=True)
    assert (found.truth, found.missing) == (U, {"c"})
    assert (found.presumed, found.reasons) == (False, (A_YES, age))
    assert (either.truth, either.missing) == (T, frozenset())
    assert either.parts == (Finding(T, A, False, (A_YES,), frozenset(), ()), open_b)
    assert denied == Finding(U, Not(C), False, (), frozenset("c"), (open_c,))
    assert old == Finding(T, presumed, True, (age,), frozenset(), ())


def test_an_explanation_follows_facts():
    found = explain(compiled(OLD_AND_ILL), state(b="yes", age=60))
    (whole,) = found.parts
    old, ill = whole.parts
    assert (found.truth, old.truth, ill.truth) == (T, T, T)
    assert [part.truth for part in ill.parts[0].parts] == [U, T]
