"""From proposed awards to money: stacking within a firm, then budgets across firms. All amounts are whole fen.

A claim is one firm's proposed award under one assessment. Claims stand in arrays in the order of the population,
so that ten million firms need no more memory than their entitled ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from kaiyuan.matching.summary import BudgetSummary, StackingSummary
from kaiyuan.rulebook.expression.terms import Number
from kaiyuan.rulebook.model import Budget, Stacking

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

NO, YES, OPEN = 0, 1, 2


@dataclass
class Claims:
    """All claims of a run.

    `row` is the firm's place in the population, `assessment` the index in `names`, `proposed` fen where `known`.
    `funded` holds for each exclusion rule whether its condition holds for the firm (NO, YES, OPEN), `rank` for
    each budget the value that orders claims (NaN unknown). `granted` and `open` are settled by `settle`: an open
    claim has an amount that cannot be told yet. `reason` is the rule or budget that last changed the claim.
    """

    names: tuple[str, ...]
    row: Ints
    assessment: Ints
    proposed: Ints
    known: Bools
    funded: dict[str, Ints]
    rank: dict[str, Floats]
    granted: Ints = field(init=False)
    open: Bools = field(init=False)
    waiting: Ints = field(init=False)
    reason: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.granted = np.where(self.known, self.proposed, 0)
        self.open = ~self.known
        self.waiting = np.zeros(self.row.size, np.int64)
        self._reasons = np.zeros(self.row.size, np.int64)
        self.reason = [""]

    def reasons(self) -> list[str]:
        """Give for each claim the id of the rule or budget that last changed it, or an empty text."""
        return [self.reason[index] for index in self._reasons]

    def _mark(self, chosen: Bools | Ints, reason: str) -> None:
        if reason not in self.reason:
            self.reason.append(reason)
        self._reasons[chosen] = self.reason.index(reason)

    def _members(self, of: Sequence[str]) -> Ints:
        """Give the claims under some assessments, by firm and then in the order of `of`."""
        places = np.full(max(len(self.names), 1), -1, np.int64)
        for order, name in enumerate(of):
            if name in self.names:
                places[self.names.index(name)] = order
        place = places[self.assessment]
        members = np.flatnonzero(place >= 0)
        return members[np.lexsort((place[members], self.row[members]))]

    def settle(
        self, stacking: Sequence[Stacking], budgets: Sequence[Budget]
    ) -> tuple[tuple[StackingSummary, ...], tuple[BudgetSummary, ...]]:
        """Apply every stacking rule in its order, then every budget; give what they did."""
        stacked = tuple(self._stack(rule) for rule in stacking)
        return stacked, tuple(self._spend(budget) for budget in budgets)

    def _stack(self, rule: Stacking) -> StackingSummary:
        members = self._members(rule.of)
        before = self.granted[members].copy()
        if rule.rule == "exclude_if_funded":
            state = self.funded[rule.id][members]
            self.granted[members[state == YES]] = 0
            self.open[members[state == YES]] = False
            self.open[members[state == OPEN]] = True
            self._mark(members[state != NO], rule.id)
        elif rule.rule == "highest_only":
            self._highest(members, rule.id)
        else:
            self._cap(members, _fen(rule.cap), rule.id)
        taken = before - self.granted[members]
        firms = len(np.unique(self.row[members[taken > 0]]))
        return StackingSummary(rule.id, rule.words, rule.clause, rule.rule, firms, int(taken.sum()))

    def _highest(self, members: Ints, rule: str) -> None:
        rows = self.row[members]
        first = np.searchsorted(rows, rows)
        unsettled = np.zeros(members.size, np.bool_)
        np.logical_or.at(unsettled, first, self.open[members])
        # While one amount of the group is open, nobody can say which is the highest.
        stuck = members[unsettled[first] & (self.granted[members] > 0)]
        others = np.bincount(first, minlength=max(members.size, 1))[first] > 1
        self.open[stuck] = True
        self._mark(members[unsettled[first] & others], rule)
        best = np.lexsort((np.arange(members.size), -self.granted[members], first))
        winner = np.zeros(members.size, np.bool_)
        leading = np.ones(members.size, np.bool_)
        leading[1:] = first[best][1:] != first[best][:-1]
        winner[best[leading]] = True
        losing = ~winner & ~unsettled[first] & (self.granted[members] > 0)
        self.granted[members[losing]] = 0
        self._mark(members[losing], rule)

    def _cap(self, members: Ints, cap: int, rule: str) -> None:
        first = np.searchsorted(self.row[members], self.row[members])
        running = np.cumsum(self.granted[members])
        earlier = running - self.granted[members]
        kept = np.clip(cap - (earlier - earlier[first]), 0, self.granted[members])
        # Behind an open claim nobody can say what the cap leaves.
        unsettled = np.cumsum(self.open[members])
        ahead: Ints = unsettled - self.open[members]
        stuck = (ahead > ahead[first]) & (self.granted[members] > 0)
        self.open[members[stuck]] = True
        changed = (kept != self.granted[members]) & ~stuck
        self.granted[members[changed]] = kept[changed]
        self._mark(members[stuck | changed], rule)

    def _spend(self, budget: Budget) -> BudgetSummary:
        members = self._members(budget.of)
        open_claims = int(self.open[members].sum())
        members = members[(self.granted[members] > 0) & ~self.open[members]]
        amount = _fen(budget.amount)
        wanted = self.granted[members].copy()
        claimed = int(wanted.sum())
        waiting = np.zeros(members.size, np.int64)
        granted = wanted
        if claimed > amount:
            if budget.when_short == "pro_rata":
                # Whole fen, rounded down: the sum never passes the budget; a remainder of some fen is left.
                granted = np.array([int(fen) * amount // claimed for fen in wanted], np.int64)
            else:
                granted, waiting = self._in_order(members, wanted, amount, budget)
            self._mark(members[granted != wanted], budget.id)
        self.granted[members] = granted
        self.waiting[members] = waiting
        total, later = int(granted.sum()), int(waiting.sum())
        return BudgetSummary(
            budget.id, budget.words, budget.clause, budget.year, budget.when_short, amount, claimed, total,
            claimed - total - later, later, int(members.size), int((granted > 0).sum()), open_claims,
        )  # fmt: skip

    def _in_order(self, members: Ints, wanted: Ints, amount: int, budget: Budget) -> tuple[Ints, Ints]:
        rank = self.rank.get(budget.id)
        key = np.zeros(members.size) if rank is None else rank[members]
        key = -key if budget.descending else key
        # Claims without a known rank come last; equal ones in the order of the population.
        order = np.lexsort((self.row[members], np.where(np.isnan(key), np.inf, key)))
        earlier = np.cumsum(wanted[order]) - wanted[order]
        left = np.clip(amount - earlier, 0, None)
        granted = np.zeros(members.size, np.int64)
        waiting = np.zeros(members.size, np.int64)
        if budget.when_short == "queue":
            fits = wanted[order] <= left
            granted[order] = np.where(fits, wanted[order], 0)
            waiting[order] = np.where(fits, 0, wanted[order])
        else:
            granted[order] = np.minimum(wanted[order], left)
        return granted, waiting


def _fen(term: object) -> int:
    if not isinstance(term, Number):
        raise TypeError(f"an amount of a rule is not settled: {term!r}")
    return int(term.value * 100)
