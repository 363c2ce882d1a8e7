"""From closed typed terms to the normal form: linear forms, atoms and formulas in a registry."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from kaiyuan.rulebook import normal as n
from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.normal import Form, Registry, combine, constant_form, node_form, primitive

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
        case t.Fact(name, lag, scale, grid):
            return Form(((scale / grid, registry.node(n.Column(name, lag, grid))),))
        case t.Add(parts):
            return combine((ONE, form_of(part, registry)) for part in parts)
        case t.Multiply(left, right):
            return _product(form_of(left, registry), form_of(right, registry), registry)
        case t.Divide(left, right):
            return _quotient(form_of(left, registry), form_of(right, registry), registry)
        case t.Lookup(fact, entries):
            unit, numbers = _whole([constant_form(number) for _, number in entries], registry)
            words = (word for word, _ in entries)
            table = n.Table(fact, tuple((w, form.constant) for w, form in zip(words, numbers, strict=True)))
            return _single(table, registry, unit)
        case t.Growth(fact, years):
            return _single(n.GrowthRate(fact.name, years, fact.grid), registry)
        case t.Since(name, lag, unit):
            return _single(n.Elapsed(name, lag, unit), registry)
        case t.Coalesce(parts):
            unit, forms = _whole([form_of(part, registry) for part in parts], registry)
            return _single(n.FirstKnown(forms), registry, unit)
        case t.KnownExtreme(kind, parts):
            unit, forms = _whole([form_of(part, registry) for part in parts], registry)
            return _single(n.Extreme(kind, forms), registry, unit)
        case t.Absolute(part):
            unit, (form,) = _whole([form_of(part, registry)], registry)
            return _single(n.Magnitude(form), registry, unit)
        case t.RoundHalfUp(part, digits, factor):
            unit, (form,) = _whole([form_of(part, registry)], registry)
            return _single(n.Rounded(form, digits, factor / unit), registry, unit)
        case t.Case(branches, default):
            tests = [formula_of(test, registry) for test, _ in branches]
            results = [value for _, value in branches] + ([] if default is None else [default])
            unit, forms = _whole([form_of(result, registry) for result in results], registry)
            last = None if default is None else forms[-1]
            return _single(
                n.Choice(tuple(zip(tests, forms[: len(tests)], strict=True)), last), registry, unit
            )
    raise TypeError(f"an open parameter reached the normal form: {term!r}")


def formula_of(term: t.Condition, registry: Registry, *, table: int = -1) -> int:
    """Give the number of the formula of a closed condition; `table` is the scoring table that `score` means."""
    return registry.formula(_formula(term, registry, table, negated=False))


def _single(node: n.Node, registry: Registry, unit: Fraction = ONE) -> Form:
    return node_form(registry.node(node), unit)


def _whole(forms: Sequence[Form], registry: Registry) -> tuple[Fraction, tuple[Form, ...]]:
    """Split forms into one unit and forms of whole numbers, so that what is chosen among them stays exact.

    Beside a quotient or product, whose values are no whole numbers, a column alone counts as it is stored.
    """
    if not all(_on_grid(form, registry) for form in forms):
        return ONE, tuple(_as_stored(form, registry) for form in forms)
    numbers = (number for form in forms for number in (*(c for c, _ in form.terms), form.constant))
    unit = Fraction(1, lcm(*(number.denominator for number in numbers)))
    return unit, tuple(combine([(1 / unit, form)]) for form in forms)


def _as_stored(form: Form, registry: Registry) -> Form:
    if len(form.terms) == 1:
        coefficient, number = form.terms[0]
        node = registry.nodes[number]
        if isinstance(node, n.Column) and node.grid != 1:
            return Form(((coefficient * node.grid, _stored(node, registry)),), form.constant)
    return form


def _on_grid(form: Form, registry: Registry) -> bool:
    """Tell whether all nodes of a form are whole numbers."""
    for _, number in form.terms:
        match registry.nodes[number]:
            case n.Column() | n.Elapsed() | n.Table():
                continue
            case n.FirstKnown(forms) | n.Extreme(_, forms):
                parts = forms
            case n.Magnitude(inner) | n.Rounded(inner, _, _):
                parts = (inner,)
            case n.Choice(branches, default):
                parts = (*(inner for _, inner in branches), *(() if default is None else (default,)))
            case _:
                return False
        if not all(_on_grid(part, registry) for part in parts):
            return False
    return True


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
            ratio = node_form(registry.node(n.GrowthRatio(node.fact, node.years, node.grid)))
            return n.CompareAtom(ratio, base, _growth_threshold(constant, node.years)), opposite
        if isinstance(node, n.Column):
            # Alone, the stored double is compared with the double of the threshold.
            return n.CompareAtom(node_form(_stored(node, registry)), base, constant / node.grid), opposite
    by_table = _threshold_table(form, constant, registry)
    if by_table is not None:
        op = _TURNED[op] if by_table[1] else op
        base, opposite = _OPPOSITE[op]
        return n.CompareAtom(by_table[0], base, Fraction(0)), opposite
    return n.CompareAtom(form, base, constant), opposite


def _stored(column: n.Column, registry: Registry) -> int:
    """Give the node of a column as it is stored, off its grid."""
    return registry.node(n.Column(column.fact, column.lag))


def _threshold_table(form: Form, constant: Fraction, registry: Registry) -> tuple[Form, bool] | None:
    """Give «value − threshold by category» for a form of one value and one table, and whether it was turned.

    The threshold takes all factors and is rounded to a double once: the comparison is then as exact as one with
    a constant.
    """
    tables = [term for term in form.terms if isinstance(registry.nodes[term[1]], n.Table)]
    values = [term for term in form.terms if term not in tables]
    if len(tables) != 1 or len(values) != 1 or not all(coefficient for coefficient, _ in form.terms):
        return None
    (coefficient, number), (of_table, table_number) = values[0], tables[0]
    value, table = registry.nodes[number], registry.nodes[table_number]
    assert isinstance(table, n.Table)
    entries = [(word, (constant - of_table * entry) / coefficient) for word, entry in table.entries]
    if isinstance(value, n.Column):
        number = _stored(value, registry)
        entries = [(word, entry / value.grid) for word, entry in entries]
    elif isinstance(value, n.GrowthRate):
        number = registry.node(n.GrowthRatio(value.fact, value.years, value.grid))
        entries = [(word, _growth_threshold(entry, value.years)) for word, entry in entries]
    threshold = registry.node(n.Table(table.fact, tuple(entries)))
    return combine([(ONE, node_form(number)), (-ONE, node_form(threshold))]), coefficient < 0


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
