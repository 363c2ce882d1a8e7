"""From closed typed terms to the normal form: linear forms, atoms and formulas in a registry."""

from __future__ import annotations

from fractions import Fraction

from kaiyuan.rulebook import normal as n
from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.normal import Form, Registry, combine, constant_form, primitive

ONE = Fraction(1)
_OPPOSITE: dict[t.Comparison, tuple[n.AtomOp, bool]] = {
    ">=": (">=", False), ">": (">", False), "=": ("=", False), "<": (">=", True), "<=": (">", True), "<>": ("=", True),
}  # fmt: skip
_TURNED: dict[t.Comparison, t.Comparison] = {">=": "<=", ">": "<", "=": "=", "<": ">", "<=": ">=", "<>": "<>"}


def form_of(term: t.Numeric, registry: Registry) -> Form:
    """Give the linear form of a closed numeric term, in base units."""
    match term:
        case t.Number(value):
            return constant_form(value)
        case t.Fact(name, lag, scale):
            return Form(((scale, registry.node(n.Column(name, lag))),))
        case t.Add(parts):
            return combine((ONE, form_of(part, registry)) for part in parts)
        case t.Multiply(left, right):
            return _product(form_of(left, registry), form_of(right, registry), registry)
        case t.Divide(left, right):
            return _quotient(form_of(left, registry), form_of(right, registry), registry)
        case t.Lookup(fact, entries):
            return _single(n.Table(fact, entries), registry)
        case t.Growth(fact, years):
            return _single(n.GrowthRate(fact.name, years), registry)
        case t.Since(name, lag, unit):
            return _single(n.Elapsed(name, lag, unit), registry)
        case t.Coalesce(parts):
            return _single(n.FirstKnown(tuple(form_of(part, registry) for part in parts)), registry)
        case t.KnownExtreme(kind, parts):
            return _single(n.Extreme(kind, tuple(form_of(part, registry) for part in parts)), registry)
        case t.Absolute(part):
            return _single(n.Magnitude(form_of(part, registry)), registry)
        case t.RoundHalfUp(part, digits, factor):
            return _single(n.Rounded(form_of(part, registry), digits, factor), registry)
        case t.Case(branches, default):
            tests = tuple((formula_of(test, registry), form_of(value, registry)) for test, value in branches)
            return _single(n.Choice(tests, None if default is None else form_of(default, registry)), registry)
    raise TypeError(f"an open parameter reached the normal form: {term!r}")


def formula_of(term: t.Condition, registry: Registry, *, table: int = -1) -> int:
    """Give the number of the formula of a closed condition; `table` is the scoring table that `score` means."""
    return registry.formula(_formula(term, registry, table, negated=False))


def _single(node: n.Node, registry: Registry) -> Form:
    return Form(((ONE, registry.node(node)),))


def _product(left: Form, right: Form, registry: Registry) -> Form:
    if not left.terms:
        return combine([(left.constant, right)])
    if not right.terms:
        return combine([(right.constant, left)])
    (a, first), (b, second) = primitive(left), primitive(right)
    node = registry.node(n.Product(*sorted((first, second), key=repr)))
    return Form(((a * b, node),))


def _quotient(left: Form, right: Form, registry: Registry) -> Form:
    if not right.terms:
        if right.constant == 0:
            return _single(n.Choice((), None), registry)
        return combine([(1 / right.constant, left)])
    (a, first), (b, second) = primitive(left), primitive(right)
    return Form(((a / b, registry.node(n.Quotient(first, second))),))


def _formula(term: t.Condition, registry: Registry, table: int, *, negated: bool) -> n.Formula:
    match term:
        case t.Not(inner):
            return _formula(inner, registry, table, negated=not negated)
        case t.And(parts) | t.Or(parts):
            # De Morgan: the opposite of a conjunction is the disjunction of the opposites.
            joined: t.Condition = term
            kind = "and" if isinstance(joined, t.And) != negated else "or"
            flat: list[n.Formula] = []
            for part in parts:
                inner_formula = _formula(part, registry, table, negated=negated)
                if isinstance(inner_formula, n.Junction) and inner_formula.kind == kind:
                    flat.extend(inner_formula.parts)
                else:
                    flat.append(inner_formula)
            unique = tuple(dict.fromkeys(flat))
            return unique[0] if len(unique) == 1 else n.Junction("and" if kind == "and" else "or", unique)
        case t.OneOf(name, lag, words):
            literals = tuple(n.Signed(registry.atom(n.WordAtom(name, lag, word)), negated) for word in words)
            return literals[0] if len(literals) == 1 else n.Junction("and" if negated else "or", literals)
        case t.Flag(name, lag):
            return n.Signed(registry.atom(n.FlagAtom(name, lag)), negated)
        case t.DateCompare(name, lag, op, day):
            base, opposite = _OPPOSITE[op]
            return n.Signed(registry.atom(n.DateAtom(name, lag, base, day)), opposite != negated)
        case t.ScoreCompare(score, op, right):
            base, opposite = _OPPOSITE[op]
            form = form_of(right, registry)
            if form.terms:
                return n.Signed(registry.atom(n.KnownAtom(None)))
            return n.Signed(
                registry.atom(n.ScoreAtom(table, score, base, form.constant)), opposite != negated
            )
        case t.Compare(op, left, right, _):
            atom, opposite = _comparison(op, form_of(left, registry), form_of(right, registry), registry)
            if isinstance(atom, n.KnownAtom):
                value = atom.value if atom.value is None else atom.value != (opposite != negated)
                return n.Signed(registry.atom(n.KnownAtom(value)))
            return n.Signed(registry.atom(atom), opposite != negated)
    raise TypeError(f"not a condition: {term!r}")


def _comparison(op: t.Comparison, left: Form, right: Form, registry: Registry) -> tuple[n.Atom, bool]:
    difference = combine([(ONE, left), (-ONE, right)])
    if not difference.terms:
        return n.KnownAtom(_compare_constants(op, difference.constant)), False
    factor, form = primitive(Form(difference.terms, Fraction(0)))
    constant = -difference.constant / factor
    if factor < 0:
        op = _TURNED[op]
    base, opposite = _OPPOSITE[op]
    if len(form.terms) == 1 and form.terms[0][0] == 1:
        node = registry.nodes[form.terms[0][1]]
        if isinstance(node, n.GrowthRate):
            ratio = Form(((ONE, registry.node(n.GrowthRatio(node.fact, node.years))),))
            return n.CompareAtom(ratio, base, _growth_threshold(constant, node.years)), opposite
    return n.CompareAtom(form, base, constant), opposite


def _growth_threshold(rate: Fraction, years: int) -> Fraction:
    """Give the ratio that a compound rate means; below −100 % any value that no ratio of several years reaches."""
    if years == 1 or rate >= -1:
        return (1 + rate) ** years
    return Fraction(-1)


def _compare_constants(op: t.Comparison, difference: Fraction) -> bool:
    return {
            "=": difference == 0, "<>": difference != 0, "<": difference < 0, "<=": difference <= 0,
            ">": difference > 0, ">=": difference >= 0,
        }[op]  # fmt: skip
