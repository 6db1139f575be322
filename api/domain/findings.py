"""What conditions come to for given answers, and why.

A condition is compiled once into a `Compiled` tree. Its `judge` only finds the truth,
which is all that most of an evaluation needs; `reasons`, `missing` and `explain` walk
the same tree, so that an explanation can never disagree with the judgement.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from api.domain import truth
from api.domain.answers import Answer, State
from api.domain.conditions import (
    AllOf,
    AnyOf,
    AtLeast,
    Comparison,
    Condition,
    FactReference,
    Not,
)
from api.domain.rules import Fact
from api.domain.truth import FALSE, TRUE, UNKNOWN, Truth

Judge = Callable[[State], Truth]

ORDER: dict[str, Callable[[float, float], bool]] = {
    "above": lambda answer, bound: answer > bound,
    "at_least": lambda answer, bound: answer >= bound,
    "below": lambda answer, bound: answer < bound,
    "at_most": lambda answer, bound: answer <= bound,
}


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A condition with its judge; `bare` is the judge without its own `if_unknown`."""

    condition: Condition
    judge: Judge
    bare: Judge
    parts: tuple["Compiled", ...] = ()

    def presumes(self, state: State) -> bool:
        """Whether the truth here is the `if_unknown` of this very condition."""
        return self.judge is not self.bare and (
            state.presuming and self.bare(state) is UNKNOWN
        )


Facts = Mapping[str, Compiled]


def compile_facts(facts: tuple[Fact, ...]) -> dict[str, Compiled]:
    """The facts by name; each may use those before it."""
    compiled: dict[str, Compiled] = {}
    for fact in facts:
        compiled[fact.id] = compile_condition(fact.when, compiled)
    return compiled


def compile_condition(condition: Condition, facts: Facts) -> Compiled:
    """`condition` as a tree of judges over the compiled `facts`."""
    parts = tuple(_parts(condition, facts))
    bare = _judge(condition, parts)
    if condition.if_unknown is None:
        return Compiled(condition, bare, bare, parts)
    presumed = truth.of(condition.if_unknown)

    def judge(state: State) -> Truth:
        found = bare(state)
        return presumed if found is UNKNOWN and state.presuming else found

    return Compiled(condition, judge, bare, parts)


def _parts(condition: Condition, facts: Facts) -> Iterator[Compiled]:
    match condition:
        case AllOf(parts) | AnyOf(parts):
            yield from (compile_condition(part, facts) for part in parts)
        case Not(part):
            yield compile_condition(part, facts)
        case FactReference(fact):
            yield facts[fact]


def _judge(condition: Condition, parts: tuple[Compiled, ...]) -> Judge:
    judges = tuple(part.judge for part in parts)
    match condition:
        case Comparison(question, "is", "yes"):
            return _is_yes(question)
        case Comparison():
            return _compares(condition)
        case AtLeast(count, questions):
            return _at_least(count, frozenset(questions))
        case FactReference(fact):
            return _remembered(fact, judges[0])
        case AllOf():
            return _combined(judges, decisive=FALSE, otherwise=TRUE)
        case AnyOf():
            return _combined(judges, decisive=TRUE, otherwise=FALSE)
        case Not():
            return lambda state: truth.negation(judges[0](state))


def _is_yes(question: str) -> Judge:
    def judge(state: State) -> Truth:
        if question in state.yes:
            return TRUE
        return UNKNOWN if question in state.open else FALSE

    return judge


def _compares(comparison: Comparison) -> Judge:
    question, holds = comparison.question, _holding(comparison)

    def judge(state: State) -> Truth:
        answer = state.values.get(question)
        if answer is None:
            return UNKNOWN
        return TRUE if holds(answer) else FALSE

    return judge


def _holding(comparison: Comparison) -> Callable[[Answer], bool]:
    """A function from a known answer to whether `comparison` holds for it."""
    value = comparison.value
    if comparison.comparison == "is":
        return lambda answer: answer == value
    if isinstance(value, tuple):
        return lambda answer: answer in value
    compare = ORDER[comparison.comparison]
    return lambda answer: compare(answer, value)  # type: ignore[arg-type]


def _at_least(count: int, questions: frozenset[str]) -> Judge:
    if count > 1:
        return lambda state: truth.at_least(
            count, len(questions & state.yes), len(questions & state.open)
        )

    def any_yes(state: State) -> Truth:
        if not questions.isdisjoint(state.yes):
            return TRUE
        return FALSE if questions.isdisjoint(state.open) else UNKNOWN

    return any_yes


def _remembered(fact: str, judge: Judge) -> Judge:
    """Facts are shared by many rules, and judged once for a state."""

    def remembered(state: State) -> Truth:
        found = state.facts.get(fact)
        if found is None:
            found = state.facts[fact] = judge(state)
        return found

    return remembered


def _combined(judges: tuple[Judge, ...], decisive: Truth, otherwise: Truth) -> Judge:
    """`truth.all_of` or `truth.any_of` over judges.

    The loop stands here again, because passing them a generator at every node made
    an evaluation a quarter slower (`make bench`).
    """

    def judge(state: State) -> Truth:
        result = otherwise
        for part in judges:
            found = part(state)
            if found is decisive:
                return decisive
            if found is UNKNOWN:
                result = UNKNOWN
        return result

    return judge


@dataclass(frozen=True, slots=True)
class Reason:
    """An answer that a finding rests on; None for one that is not there.

    `presumed`: the rule goes ahead without it, as its `if_unknown` says.
    """

    question: str
    answer: Answer | None
    presumed: bool = False


def reasons(node: Compiled, state: State) -> tuple[Reason, ...]:
    """The answers that make `node` what it is in `state`, each once, in rule order."""
    return tuple(dict.fromkeys(_reasons(node, state)))


def _reasons(node: Compiled, state: State) -> Iterator[Reason]:
    if node.presumes(state):
        lacking = sorted(_lacking(node, state))
        yield from (Reason(id, None, presumed=True) for id in lacking)
    for id in _answered(node, state):
        yield Reason(id, state.values[id])
    for part in _decisive(node, state):
        yield from _reasons(part, state)


def _answered(node: Compiled, state: State) -> list[str]:
    """The questions of a leaf whose answers count; only the yes ones if enough."""
    match node.condition:
        case Comparison(question):
            return [question] if question in state.values else []
        case AtLeast(_, questions):
            enough = node.bare(state) is TRUE
            counted = state.yes if enough else state.values
            return [id for id in questions if id in counted]
    return []


def _decisive(node: Compiled, state: State) -> Iterator[Compiled]:
    """The parts that settle it: one true part is enough for any, all for all."""
    found = node.bare(state)
    by_one = {AnyOf: TRUE, AllOf: FALSE}.get(type(node.condition))
    for part in node.parts:
        if found is not by_one or part.judge(state) is found:
            yield part


def missing(node: Compiled, state: State) -> frozenset[str]:
    """The questions whose answers could still settle `node`; none once it is."""
    if node.judge(state) is not UNKNOWN:
        return frozenset()
    return _lacking(node, state)


def _lacking(node: Compiled, state: State) -> frozenset[str]:
    match node.condition:
        case Comparison(question):
            return frozenset({question}) & state.open
        case AtLeast(_, questions):
            return frozenset(questions) & state.open
    return frozenset().union(*(missing(part, state) for part in node.parts))


@dataclass(frozen=True, slots=True)
class Finding:
    """What one condition came to, with everything it rests on, for a reader."""

    truth: Truth
    condition: Condition
    presumed: bool
    reasons: tuple[Reason, ...]
    missing: frozenset[str]
    parts: tuple["Finding", ...]


def explain(node: Compiled, state: State) -> Finding:
    """The whole explanation of `node`, part by part."""
    return Finding(
        truth=node.judge(state),
        condition=node.condition,
        presumed=node.presumes(state),
        reasons=reasons(node, state),
        missing=missing(node, state),
        parts=tuple(explain(part, state) for part in node.parts),
    )
