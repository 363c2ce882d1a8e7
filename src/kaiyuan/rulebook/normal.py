"""The normal form in which equal conditions are equal objects, and comparisons are exact.

A numeric term becomes a linear form over *nodes* (columns, quotients, …) with exact coefficients. A comparison
becomes an *atom*: one form against one constant, with only >=, > and =; the others are their opposites, and a
negative leading coefficient is turned round. So 营业收入 >= 1500, 1500 <= 营业收入 and NOT 营业收入 < 1500 are one
atom, evaluated once. Coefficients of a form with several nodes are whole numbers without a common divisor: on
whole fen, sums and comparisons are then exact in double precision up to 2^53 fen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import gcd, lcm
from typing import Literal, TypeAlias, TypeVar

AtomOp = Literal[">=", ">", "="]


@dataclass(frozen=True)
class Form:
    """constant + Σ coefficient × node, the nodes by their index in the registry."""

    terms: tuple[tuple[Fraction, int], ...]
    constant: Fraction = Fraction(0)


@dataclass(frozen=True)
class Column:
    """A stored numeric column × `grid`: fen for money, whole numbers of the last decimal otherwise.

    What stands on the grid is a whole number, so that sums and quotients of decimals are as exact as those of
    fen; what does not stays a double.
    """

    fact: str
    lag: int
    grid: int = 1


@dataclass(frozen=True)
class Quotient:
    """A quotient of two forms; a zero divisor makes it unknown."""

    left: Form
    right: Form


@dataclass(frozen=True)
class Product:
    """A product of two forms that are no constants."""

    left: Form
    right: Form


@dataclass(frozen=True)
class GrowthRatio:
    """fact ÷ fact `years` before, known where the base is positive (and, over several years, the end is not negative)."""

    fact: str
    years: int
    grid: int = 1


@dataclass(frozen=True)
class GrowthRate:
    """The compound rate itself, (ratio)^(1/years) − 1, where it is part of a larger sum."""

    fact: str
    years: int
    grid: int = 1


@dataclass(frozen=True)
class Elapsed:
    """Full years or days from a date column to the day of the decision."""

    fact: str
    lag: int
    unit: Literal["years", "days"]


@dataclass(frozen=True)
class FirstKnown:
    """The first known of several forms."""

    forms: tuple[Form, ...]


@dataclass(frozen=True)
class Extreme:
    """The least or greatest of the known forms."""

    kind: Literal["least", "greatest"]
    forms: tuple[Form, ...]


@dataclass(frozen=True)
class Magnitude:
    """The absolute value of a form."""

    form: Form


@dataclass(frozen=True)
class Rounded:
    """A form rounded half away from zero to `digits` decimals of its written unit."""

    form: Form
    digits: int
    factor: Fraction


@dataclass(frozen=True)
class Choice:
    """The form of the first branch whose formula (index) holds; an unknown one makes it unknown."""

    branches: tuple[tuple[int, Form], ...]
    default: Form | None


@dataclass(frozen=True)
class Table:
    """A number for each word of a category column."""

    fact: str
    entries: tuple[tuple[str, Fraction], ...]


Node: TypeAlias = (
    Column | Quotient | Product | GrowthRatio | GrowthRate | Elapsed | FirstKnown | Extreme | Magnitude | Rounded
    | Choice | Table
)  # fmt: skip


@dataclass(frozen=True)
class CompareAtom:
    """One form against one constant."""

    form: Form
    op: AtomOp
    constant: Fraction


@dataclass(frozen=True)
class FlagAtom:
    """A yes/no column that is yes."""

    fact: str
    lag: int


@dataclass(frozen=True)
class WordAtom:
    """A category or text column that holds one word."""

    fact: str
    lag: int
    word: str


@dataclass(frozen=True)
class DateAtom:
    """A date column against a day, with >= or =."""

    fact: str
    lag: int
    op: AtomOp
    day: date


@dataclass(frozen=True)
class ScoreAtom:
    """A score, group or indicator of a scoring table (by its index) against a constant."""

    table: int
    name: str
    op: AtomOp
    constant: Fraction


@dataclass(frozen=True)
class KnownAtom:
    """A comparison of constants: true, false, or unknown (None)."""

    value: bool | None


Atom: TypeAlias = CompareAtom | FlagAtom | WordAtom | DateAtom | ScoreAtom | KnownAtom


@dataclass(frozen=True)
class Signed:
    """An atom (by index), or its opposite."""

    atom: int
    negated: bool = False


@dataclass(frozen=True)
class Junction:
    """Literals and junctions joined by and/or; a formula never holds NOT above a literal."""

    kind: Literal["and", "or"]
    parts: tuple[Formula, ...]


Formula: TypeAlias = Signed | Junction
T = TypeVar("T", "Node", "Atom", "Formula")


@dataclass(frozen=True)
class ThresholdGroup:
    """Comparisons of one form with one operator: the thresholds, and the atoms' numbers.

    `spent` are the nodes that no later group looks at: their values may be let go.
    """

    form: Form
    op: AtomOp
    bounds: tuple[Fraction, ...]
    atoms: tuple[int, ...]
    spent: tuple[int, ...] = ()


@dataclass
class Registry:
    """Every distinct node, atom and formula, numbered in the order of first use; it only grows.

    Plans that differ in a parameter share one registry, so that what did not change keeps its number and need
    not be evaluated again.
    """

    nodes: list[Node] = field(default_factory=list)
    atoms: list[Atom] = field(default_factory=list)
    formulas: list[Formula] = field(default_factory=list)
    _numbers: dict[object, int] = field(default_factory=dict)
    _groups: tuple[int, tuple[ThresholdGroup, ...]] = (0, ())

    def node(self, node: Node) -> int:
        """Give the number of a node."""
        return self._number(node, self.nodes)

    def atom(self, atom: Atom) -> int:
        """Give the number of an atom."""
        return self._number(atom, self.atoms)

    def formula(self, formula: Formula) -> int:
        """Give the number of a formula."""
        return self._number(formula, self.formulas)

    def groups(self) -> tuple[ThresholdGroup, ...]:
        """Give all comparison atoms, those of one form and operator together."""
        size, groups = self._groups
        if size != len(self.atoms):
            found: dict[tuple[Form, AtomOp], list[tuple[Fraction, int]]] = {}
            size = len(self.atoms)
            for number, atom in enumerate(self.atoms[:size]):
                if isinstance(atom, CompareAtom):
                    found.setdefault((atom.form, atom.op), []).append((atom.constant, number))
            used = [self._reach(form) for form, _ in found]
            later: set[int] = set()
            spent: list[tuple[int, ...]] = []
            for nodes in reversed(used):
                spent.append(tuple(nodes - later))
                later |= nodes
            groups = tuple(
                ThresholdGroup(form, op, tuple(b for b, _ in members), tuple(a for _, a in members), done)
                for ((form, op), members), done in zip(found.items(), reversed(spent), strict=True)
            )
            self._groups = (size, groups)
        return groups

    def _reach(self, form: Form) -> set[int]:
        """Give the nodes of a form, those within its quotients and products included."""
        reached: set[int] = set()
        waiting = [node for _, node in form.terms]
        while waiting:
            number = waiting.pop()
            if number not in reached:
                reached.add(number)
                waiting += [inner for part in forms_of(self.nodes[number]) for _, inner in part.terms]
        return reached

    def _number(self, item: T, items: list[T]) -> int:
        number = self._numbers.get(item)
        if number is None:
            number = self._numbers[item] = len(items)
            items.append(item)
        return number


def forms_of(node: Node) -> tuple[Form, ...]:
    """Give the forms a node is made of."""
    match node:
        case Quotient(left, right) | Product(left, right):
            return (left, right)
        case FirstKnown(forms) | Extreme(_, forms):
            return forms
        case Magnitude(form) | Rounded(form, _, _):
            return (form,)
        case Choice(branches, default):
            forms = tuple(form for _, form in branches)
            return forms if default is None else (*forms, default)
    return ()


def constant_form(value: Fraction) -> Form:
    """Give the form of a constant."""
    return Form((), value)


def node_form(number: int, coefficient: Fraction = Fraction(1)) -> Form:
    """Give the form of one node."""
    return Form(((coefficient, number),))


def combine(parts: Iterable[tuple[Fraction, Form]]) -> Form:
    """Give Σ factor × form, equal nodes gathered, ordered by node number."""
    coefficients: dict[int, Fraction] = {}
    constant = Fraction(0)
    for factor, form in parts:
        constant += factor * form.constant
        for coefficient, node in form.terms:
            coefficients[node] = coefficients.get(node, Fraction(0)) + factor * coefficient
    # A node whose coefficient becomes 0 stays: when it is unknown, so is the sum.
    return Form(tuple((c, n) for n, c in sorted(coefficients.items())), constant)


def primitive(form: Form) -> tuple[Fraction, Form]:
    """Split a form into a factor and a form of whole coefficients without common divisor, the first positive."""
    numbers = [c for c, _ in form.terms if c] + ([form.constant] if form.constant else [])
    if not numbers:
        return Fraction(1), form
    factor = Fraction(gcd(*(n.numerator for n in numbers)), lcm(*(n.denominator for n in numbers)))
    if numbers[0] < 0:
        factor = -factor
    return factor, Form(tuple((c / factor, n) for c, n in form.terms), form.constant / factor)
