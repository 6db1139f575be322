"""What holds for every interview, whole or in part; Hypothesis looks for exceptions.

An interview is what the person was heard to say: see Interviews.agreed.
"""

from hypothesis import given
from hypothesis import strategies as st

from api.domain.answers import NOT_KNOWN
from api.domain.conditions import AllOf, AnyOf, FactReference, Not
from api.domain.outcome import RANKS
from api.domain.truth import FALSE, TRUE, UNKNOWN, all_of, any_of, negation, of
from api.domain.vocabulary import Urgency

ANY = st.data()


def rank(level):
    return RANKS[level]


def certain(evaluation):
    """The flags that are raised whatever was not answered."""
    return {raised.flag.id for raised in evaluation.flags if not raised.presumed}


def established(evaluation):
    """The level that these flags come to on their own."""
    sure = [raised.flag for raised in evaluation.flags if not raised.presumed]
    return max((rank(flag.urgency) for flag in sure), default=0)


@given(ANY)
def test_a_completion_never_exceeds_what_could_be_reached(interviews, evaluator, data):
    partial = data.draw(interviews.partial())
    complete = interviews.completed(partial, data.draw(interviews.telling()))
    found, final = evaluator.evaluate(partial), evaluator.evaluate(complete)
    assert rank(final.level) <= rank(found.could_reach)


@given(ANY)
def test_a_flag_raised_without_a_presumption_stays_raised(interviews, evaluator, data):
    partial = data.draw(interviews.partial())
    complete = interviews.completed(partial, data.draw(interviews.telling()))
    found, final = evaluator.evaluate(partial), evaluator.evaluate(complete)
    assert certain(found) <= {raised.flag.id for raised in final.flags}


def assert_can_be_raised(interviews, evaluator, id, partial):
    complete = interviews.raising(id, partial)
    if complete is None and id == "possible-claudication":
        # Known exception: all that is lacking is ecq_pain_walking. A yes would make
        # intermittent-claudication of it, a no contradict the rest; but the parts of
        # the rule are unknown one by one. That other flag, as urgent, is then open.
        id = "intermittent-claudication"
        complete = interviews.raising(id, partial)
    assert complete is not None, id
    assert complete.items() >= known(partial).items()
    assert id in certain(evaluator.evaluate(complete))


def known(answers):
    return {id: answer for id, answer in answers.items() if answer != NOT_KNOWN}


@given(ANY)
def test_every_open_flag_has_a_completion_that_raises_it(interviews, evaluator, data):
    partial = data.draw(interviews.partial())
    open_flags = evaluator.evaluate(partial).open_flags
    if open_flags:
        id = data.draw(st.sampled_from(open_flags)).flag.id
        assert_can_be_raised(interviews, evaluator, id, partial)


def test_every_flag_is_open_at_first_and_can_be_raised(interviews, evaluator, content):
    open_flags = evaluator.evaluate({}).open_flags
    assert [open_flag.flag.id for open_flag in open_flags] == [
        flag.id for flag in content.risk_flags.values() if not flag.computed
    ]
    for open_flag in open_flags:
        assert_can_be_raised(interviews, evaluator, open_flag.flag.id, {})


@given(ANY)
def test_the_order_of_answers_never_matters(interviews, evaluator, data):
    partial = data.draw(interviews.partial())
    shuffled = dict(data.draw(st.permutations(list(partial.items()))))
    assert evaluator.evaluate(shuffled) == evaluator.evaluate(partial)


@given(ANY)
def test_the_same_answers_give_the_same_evaluation(interviews, evaluator, data):
    partial = data.draw(interviews.partial())
    before = dict(partial)
    first = evaluator.evaluate(partial)
    evaluator.evaluate(data.draw(interviews.partial()))
    assert evaluator.evaluate(partial) == first
    assert partial == before


@given(ANY)
def test_another_answer_never_lowers_an_established_level(interviews, evaluator, data):
    partial = data.draw(interviews.partial())
    more = data.draw(interviews.telling())
    found = evaluator.evaluate(partial)
    assert established(evaluator.evaluate({**more, **partial})) >= established(found)


@given(ANY)
def test_levels_are_told_consistently(interviews, evaluator, data):
    found = evaluator.evaluate(data.draw(interviews.partial()))
    urgencies = [rank(raised.flag.urgency) for raised in found.flags]
    open_ones = [rank(open_flag.flag.urgency) for open_flag in found.open_flags]
    assert urgencies == sorted(urgencies, reverse=True)
    assert open_ones == sorted(open_ones, reverse=True)
    assert rank(found.level) >= max(urgencies, default=0)
    assert rank(found.could_reach) == max([rank(found.level), *open_ones])
    assert found.settled is (
        found.level != "undetermined" and found.could_reach == found.level
    )
    if found.settled and found.level != Urgency.SELF_CARE:
        assert found.next_questions == ()
    if found.level == Urgency.EMERGENCY:
        assert (found.protocols.suitable, found.tips) == ((), ())
    assert (found.act_within_hours is None) is (rank(found.level) < 1)


@given(ANY)
def test_the_explanation_agrees_with_the_evaluation(interviews, evaluator, data):
    partial = data.draw(interviews.partial())
    found = evaluator.evaluate(partial)
    by_truth = {TRUE: [], FALSE: [], UNKNOWN: []}
    for flag, finding in evaluator.explain(partial):
        by_truth[finding.truth].append(flag.id)
        assert_holds_together(finding)
    ruled = [raised.flag.id for raised in found.flags if not raised.flag.computed]
    assert by_truth[TRUE] == ruled
    assert by_truth[UNKNOWN] == [open_flag.flag.id for open_flag in found.open_flags]


def assert_holds_together(finding):
    """The truth of the whole follows from that of its parts, all the way down."""
    truths = [part.truth for part in finding.parts]
    match finding.condition:
        case AllOf():
            bare = all_of(truths)
        case AnyOf():
            bare = any_of(truths)
        case Not():
            bare = negation(*truths)
        case FactReference():
            (bare,) = truths
        case _:
            bare = UNKNOWN if finding.presumed else finding.truth
    presumption = finding.condition.if_unknown
    presumed = bare is UNKNOWN and presumption is not None
    assert finding.truth is (of(presumption) if presumed else bare)
    assert finding.presumed is presumed
    assert (finding.truth is UNKNOWN) or not finding.missing
    for part in finding.parts:
        assert_holds_together(part)
