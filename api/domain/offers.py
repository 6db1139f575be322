"""Which self-care items may be offered beside the flags of an evaluation."""

from collections.abc import Iterable

from api.domain.answers import State
from api.domain.findings import Facts, Judge, compile_condition
from api.domain.items import (
    PreventionTip,
    Recommendation,
    ReliefProtocol,
    RiskFlag,
)
from api.domain.outcome import Offered, OpenFlag, RaisedFlag, Withheld
from api.domain.truth import TRUE
from api.domain.vocabulary import Urgency

OFFERED = (
    Recommendation.RECOMMENDED,
    Recommendation.MAY_HELP,
    Recommendation.ASK_FIRST,
)
"""What may be offered as a tip; what does not help is content, not advice."""


class Offer:
    """Items, and which of them each flag withholds by what they do."""

    def __init__(
        self,
        items: Iterable[ReliefProtocol | PreventionTip],
        flags: Iterable[RiskFlag],
    ):
        self._actions = {item.id: frozenset(item.actions) for item in items}
        self._while_open: dict[str, frozenset[str]] = {}
        self._while_raised: dict[str, frozenset[str]] = {}
        for flag in flags:
            while_open = self._doing(flag.withhold.raised_or_undetermined)
            self._while_open[flag.id] = while_open
            self._while_raised[flag.id] = self._doing(flag.withhold.raised) | while_open

    def _doing(self, actions: Iterable[str]) -> frozenset[str]:
        """Ids of the items that do any of `actions`."""
        wanted = frozenset(actions)
        return frozenset(id for id, does in self._actions.items() if does & wanted)

    def beside(
        self, flags: Iterable[RaisedFlag], open_flags: Iterable[OpenFlag]
    ) -> Offered:
        """The items split by these flags; in an emergency nothing is offered at all."""
        emergencies = [f.flag.id for f in flags if f.flag.urgency == Urgency.EMERGENCY]
        if emergencies:
            because = dict.fromkeys(self._actions, emergencies)
        else:
            because = self._withheld(flags, open_flags)
        return Offered(
            tuple(id for id in self._actions if id not in because),
            tuple(
                Withheld(id, tuple(because[id]))
                for id in self._actions
                if id in because
            ),
        )

    def _withheld(
        self, flags: Iterable[RaisedFlag], open_flags: Iterable[OpenFlag]
    ) -> dict[str, list[str]]:
        because: dict[str, list[str]] = {}
        for raised in flags:
            for id in self._while_raised[raised.flag.id]:
                because.setdefault(id, []).append(raised.flag.id)
        for still_open in open_flags:
            for id in self._while_open[still_open.flag.id]:
                because.setdefault(id, []).append(still_open.flag.id)
        return because


class TipOffer:
    """Prevention tips: only those worth offering, and only to whom they concern."""

    def __init__(
        self, tips: Iterable[PreventionTip], flags: Iterable[RiskFlag], facts: Facts
    ):
        offered = [tip for tip in tips if tip.recommendation in OFFERED]
        self._offer = Offer(offered, flags)
        self._concerning: dict[str, Judge] = {
            tip.id: compile_condition(tip.offer_if, facts).judge
            for tip in offered
            if tip.offer_if is not None
        }

    def beside(
        self,
        flags: Iterable[RaisedFlag],
        open_flags: Iterable[OpenFlag],
        state: State,
    ) -> tuple[str, ...]:
        """The tips to offer beside these flags to the person of these answers."""
        suitable = self._offer.beside(flags, open_flags).suitable
        return tuple(id for id in suitable if self._concerns(id, state))

    def _concerns(self, id: str, state: State) -> bool:
        judge = self._concerning.get(id)
        return judge is None or judge(state) is TRUE
