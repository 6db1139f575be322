"""From answers to urgency: flags, levels, next questions, and what to withhold.

The steps are those of content/risk-rules/policies.yaml. An Evaluator compiles the rules
once; it speaks in ids, so that one serves every language. Nothing here reads a clock,
and the same answers give the same evaluation.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from api.domain.answers import NOT_KNOWN, Answers, State
from api.domain.findings import (
    Compiled,
    Finding,
    compile_condition,
    compile_facts,
    explain,
    missing,
    reasons,
)
from api.domain.items import PreventionTip, ReliefProtocol, RiskFlag
from api.domain.offers import Offer, TipOffer
from api.domain.outcome import (
    RANKS,
    UNDETERMINED,
    Evaluation,
    OpenFlag,
    OpenQuestion,
    RaisedFlag,
)
from api.domain.questionnaire import Questionnaire
from api.domain.rules import RuleSet
from api.domain.scores import Scorer
from api.domain.truth import TRUE, UNKNOWN
from api.domain.vocabulary import Urgency

DANGEROUS = (Urgency.EMERGENCY, Urgency.SAME_DAY)
"""While a flag of these is open, nothing is said that could reassure."""

DEFAULT_ROUTES: dict[str, str] = {
    Urgency.EMERGENCY: "ambulance",
    Urgency.SAME_DAY: "urgent_line",
    Urgency.SEE_DOCTOR_SOON: "gp_appointment",
    UNDETERMINED: "none",
    Urgency.SELF_CARE: "none",
}
"""For a level that no flag was raised for: a floor, or nothing said yet."""

DEFAULT_HOURS: dict[str, int] = {
    Urgency.EMERGENCY: 0,
    Urgency.SAME_DAY: 24,
    Urgency.SEE_DOCTOR_SOON: 336,
}
"""As the flags of each level have it at the longest."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """A flag with its compiled condition."""

    flag: RiskFlag
    condition: Compiled
    presumes: bool


class Evaluator:
    """The rules of one release, compiled; safe to share between threads."""

    def __init__(
        self,
        rules: RuleSet,
        flags: Iterable[RiskFlag],
        protocols: Iterable[ReliefProtocol] = (),
        tips: Iterable[PreventionTip] = (),
    ):
        flags = tuple(flags)
        facts = compile_facts(rules.facts)
        self.questionnaire = Questionnaire(rules.groups, facts)
        self._rules = [
            _rule(flag, compile_condition(flag.when, facts))
            for flag in flags
            if flag.when is not None
        ]
        self._computed = [flag for flag in flags if flag.computed]
        self._checks = [
            (check, compile_condition(check.when, facts).judge)
            for check in rules.checks
        ]
        self._floors = {
            level.id: level.floor_if_unknown
            for level in rules.levels
            if level.floor_if_unknown
        }
        self._routes = [route.id for route in rules.routes]
        self._scorer = Scorer(rules.scores, facts)
        self._protocols = Offer(protocols, flags)
        self._tips = TipOffer(tips, flags, facts)

    def evaluate(self, answers: Answers) -> Evaluation:
        """What valid `answers` amount to; `problems_with` finds the invalid ones."""
        answers, state, warnings = self._consistent(answers)
        raised, undecided = self._judged(state)
        level = self._level(raised, undecided, answers)
        open_flags = tuple(self._open_flag(rule, state) for rule in undecided)
        reach = max((rule.flag.urgency for rule in undecided), key=_rank, default=level)
        settled = level != UNDETERMINED and _rank(reach) <= _rank(level)
        flags = [_raised_flag(rule, state) for rule in raised]
        if level == Urgency.SELF_CARE and settled:
            flags += [RaisedFlag(flag, False, ()) for flag in self._computed]
        return Evaluation(
            level=level,
            act_within_hours=_act_within_hours(level, flags),
            route=self._route(level, flags),
            could_reach=max(level, reach, key=_rank),
            settled=settled,
            flags=tuple(flags),
            open_flags=open_flags,
            next_questions=self._next_questions(level, open_flags, answers, state),
            unresolved=self._unresolved(level, open_flags, answers),
            scores=self._scorer.score(state),
            warnings=warnings,
            protocols=self._protocols.beside(flags, open_flags),
            tips=self._tips.beside(flags, open_flags, state),
        )

    def explain(self, answers: Answers) -> list[tuple[RiskFlag, Finding]]:
        """Every flag with a condition, and everything that it came to."""
        _, state, _ = self._consistent(answers)
        return [(rule.flag, explain(rule.condition, state)) for rule in self._rules]

    def _consistent(self, answers: Answers) -> tuple[Answers, State, tuple[str, ...]]:
        """The answers to go by, and the checks that found a contradiction in them."""
        state = self.questionnaire.state(answers)
        failed = [check for check, judge in self._checks if judge(state) is TRUE]
        replaced = {
            id: value
            for check in failed
            for id, value in (check.set or {}).items()
            if id in answers
        }
        if replaced:
            answers = {**answers, **replaced}
            state = self.questionnaire.state(answers)
        return answers, state, tuple(check.id for check in failed)

    def _judged(self, state: State) -> tuple[list[_Rule], list[_Rule]]:
        """Step 2: the rules that raise their flag, and those that are undecided."""
        raised, undecided = [], []
        for rule in self._rules:
            found = rule.condition.judge(state)
            if found is TRUE:
                raised.append(rule)
            elif found is UNKNOWN:
                undecided.append(rule)
        return raised, undecided

    def _level(
        self, raised: list[_Rule], undecided: list[_Rule], answers: Answers
    ) -> str:
        """Steps 3 and 4: the highest raised, the floor of unknowns, or undetermined."""
        unknowable = self._unknowable(undecided, answers)
        levels: Iterable[str] = chain(
            (rule.flag.urgency for rule in raised),
            (self._floors[rule.flag.urgency] for rule in unknowable),
        )
        level = max(levels, key=_rank, default=Urgency.SELF_CARE)
        danger = any(rule.flag.urgency in DANGEROUS for rule in undecided)
        return UNDETERMINED if level == Urgency.SELF_CARE and danger else level

    def _unknowable(self, undecided: list[_Rule], answers: Answers) -> list[_Rule]:
        """Rules that stay undecided even if all that was not asked were harmless."""
        if NOT_KNOWN not in answers.values():
            return []
        state = self.questionnaire.state(self.questionnaire.filled(answers))
        return [rule for rule in undecided if rule.condition.judge(state) is UNKNOWN]

    def _open_flag(self, rule: _Rule, state: State) -> OpenFlag:
        needs = self.questionnaire.in_order(missing(rule.condition, state))
        return OpenFlag(rule.flag, tuple(needs))

    def _route(self, level: str, flags: list[RaisedFlag]) -> str:
        """The first of the routes, in their order, that a flag of this level takes."""
        routes = {raised.flag.route for raised in flags if raised.flag.urgency == level}
        found = (route for route in self._routes if route in routes)
        return next(found, DEFAULT_ROUTES[level])

    def _next_questions(
        self,
        level: str,
        open_flags: tuple[OpenFlag, ...],
        answers: Answers,
        state: State,
    ) -> tuple[OpenQuestion, ...]:
        """Step 6: what the most urgent open flags need first, then in asking order."""
        place = self.questionnaire.place
        reach: dict[str, str] = {}
        for open_flag in open_flags:
            if _rank(open_flag.flag.urgency) > _rank(level):
                for id in open_flag.needs:
                    reach.setdefault(id, open_flag.flag.urgency)
        ranked = sorted(reach, key=lambda id: (-_rank(reach[id]), place(id)))
        gates = self.questionnaire.gates if level == UNDETERMINED else ()
        return tuple(
            OpenQuestion(id, reach.get(id, level))
            for id in dict.fromkeys([*ranked, *gates])
            if id not in answers and self.questionnaire.applies(id, answers, state)
        )

    def _unresolved(
        self, level: str, open_flags: tuple[OpenFlag, ...], answers: Answers
    ) -> tuple[OpenQuestion, ...]:
        """What was answered as unknown, in asking order."""
        unknown = [id for id, answer in answers.items() if answer == NOT_KNOWN]
        unknown.sort(key=self.questionnaire.place)
        return tuple(OpenQuestion(id, _reach(id, open_flags, level)) for id in unknown)


def _rank(level: str) -> float:
    return RANKS[level]


def _rule(flag: RiskFlag, condition: Compiled) -> _Rule:
    return _Rule(flag, condition, _can_presume(condition))


def _can_presume(condition: Compiled) -> bool:
    """Whether anything in `condition`, facts included, carries an `if_unknown`."""
    return condition.judge is not condition.bare or any(
        _can_presume(part) for part in condition.parts
    )


def _raised_flag(rule: _Rule, state: State) -> RaisedFlag:
    presumed = (
        rule.presumes and rule.condition.judge(state.without_presumptions()) is not TRUE
    )
    return RaisedFlag(rule.flag, presumed, reasons(rule.condition, state))


def _act_within_hours(level: str, flags: list[RaisedFlag]) -> int | None:
    """The shortest time among the raised flags of this level, or that of the level."""
    hours = [
        raised.flag.act_within_hours
        for raised in flags
        if raised.flag.urgency == level and raised.flag.act_within_hours is not None
    ]
    return min(hours) if hours else DEFAULT_HOURS.get(level)


def _reach(id: str, open_flags: tuple[OpenFlag, ...], level: str) -> str:
    """The most urgent open flag that needs `id`, or `level` when none outranks it."""
    reaching = (str(flag.flag.urgency) for flag in open_flags if id in flag.needs)
    return max(chain([level], reaching), key=_rank)
