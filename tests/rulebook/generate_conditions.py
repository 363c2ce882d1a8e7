"""Generated conditions: every form of the expression language, over the facts of `generate_facts`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from tests.rulebook.generate_facts import COUNTS, DAYS, DICTIONARY, MONEY, NUMBERS, PLACES, RATIOS

COMPARISONS = (">=", ">=", ">=", ">", "<", "<=", "=", "<>")
GOOD_MONEY = ("revenue", "rd", "profit", "assets", "received")
RATES = ("0.03", "0.05", "0.1", "0.2", "0.5", "1", "2", "0")


class Conditions:
    """Writes conditions. `parameters` and `scores` are the names that may be used."""

    def __init__(self, random: Random, parameters: Sequence[str] = (), scores: Sequence[str] = ()) -> None:
        self.random = random
        self.parameters = parameters
        self.scores = scores
        self.ways: tuple[Callable[[], str], ...] = (
            *(self.money_limit, self.money_limit, self.count_limit, self.number_limit, self.ratio_limit),
            *(self.quotient, self.quotient, self.linear, self.linear, self.growth, self.between, self.one_of),
            *(self.flag, self.flag, self.word, self.word, self.place, self.day, self.since, self.case),
            *(self.known, self.rounded, self.quotient_sum, self.per_head, self.chance),
        )

    def condition(self, depth: int = 1) -> str:
        """Give a condition; with depth, sometimes several joined."""
        random = self.random
        if self.scores and random.random() < 0.15:
            return self.score()
        if depth and random.random() < 0.2:
            left, right = self.condition(depth - 1), self.condition(depth - 1)
            return random.choice(
                (f"{left} AND {right}", f"({left}) OR {right}", f"NOT ({left} AND {right})", f"NOT ({left})")
            )
        return random.choice(self.ways)()

    def unscored(self, depth: int = 1) -> str:
        """Give a condition without a score, as CASE and scoring tables want."""
        return Conditions(self.random, self.parameters).condition(depth)

    # -- names and numbers

    def name(self, fact: str) -> str:
        entry = DICTIONARY[fact]
        names = [entry["label"]["zh"], entry["label"]["zh"], fact, *entry.get("aliases", ())]
        return str(self.random.choice(names))

    def value(self, fact: str) -> str:
        """Give a fact, or the fact of an earlier year."""
        if DICTIONARY[fact]["period"] == "year" and self.random.random() < 0.25:
            return f"prior({self.name(fact)}, {self.random.choice((1, 1, 2, 3))})"
        return self.name(fact)

    def sign(self) -> str:
        return self.random.choice(COMPARISONS)

    def money(self) -> str:
        return self.value(self.random.choice(GOOD_MONEY))

    def limit(self, choices: Sequence[object], *parameters: str) -> str:
        usable = [name for name in parameters if name in self.parameters]
        if usable and self.random.random() < 0.4:
            return ":" + self.random.choice(usable)
        return str(self.random.choice(choices))

    # -- conditions

    def money_limit(self) -> str:
        limit = self.limit(MONEY, "floor", "yuan_floor", "by_trade", "twice", "more", "half")
        text = f"{self.money()} {self.sign()} {limit}"
        return text if self.random.random() < 0.8 else f"{limit} {self.sign()} {self.money()}"

    def count_limit(self) -> str:
        fact = self.random.choice(("staff", "patents"))
        limit = self.limit(COUNTS, "plain") if fact == "patents" else self.limit(COUNTS, "plain", "heads")
        return f"{self.value(fact)} {self.sign()} {limit}"

    def number_limit(self) -> str:
        fact = self.random.choice(("land", "energy"))
        factor = self.random.choice(("", "", " * 3", " / 2"))
        return f"{self.value(fact)}{factor} {self.sign()} {self.limit(NUMBERS[2], 'plain')}"

    def ratio_limit(self) -> str:
        return f"{self.value(self.random.choice(('debt', 'share')))} {self.sign()} {self.limit(RATIOS, 'rate', 'rates')}"

    def quotient(self) -> str:
        limit = self.limit(RATES, "rate", "rates")
        text = f"{self.money()} / {self.money()}"
        form = self.random.choice(
            ("{} {} {}", "{} {} {}", "{} * 100 {} {} * 100", "({} - 1) * 2 {} {}", "{} / 2 {} {}")
        )
        return form.format(text, self.sign(), limit)

    def per_head(self) -> str:
        return f"{self.money()} / {self.value('staff')} {self.sign()} {self.random.choice(MONEY)}"

    def quotient_sum(self) -> str:
        first, second = (f"{self.money()} / {self.money()}" for _ in range(2))
        form = self.random.choice(
            ("{} + {} {} {}", "({} + {}) / 2 {} {}", "{} * ({}) {} {}", "{} - ({}) {} {}", "{} / ({}) {} {}")
        )
        return form.format(first, second, self.sign(), self.random.choice(RATES))

    def linear(self) -> str:
        parts = [self.money() for _ in range(self.random.choice((2, 2, 3)))]
        text = f"{parts[0]} {self.random.choice('+-')} {' - '.join(parts[1:])}"
        rate = self.random.choice(("", "", " * 0.1", " * 3", " / 3"))
        if self.random.random() < 0.3:
            return f"{parts[0]}{rate} {self.sign()} {parts[1]}"
        if self.random.random() < 0.2:
            return f"({text}) / ({self.money()} - {self.money()}) {self.sign()} {self.random.choice(RATES)}"
        return f"({text}){rate} {self.sign()} {self.limit(MONEY, 'floor', 'by_trade', 'twice')}"

    def growth(self) -> str:
        fact = self.random.choice(("revenue", "rd", "staff", "energy"))
        limit = self.random.choice(("0", "0.1", "-0.5", "1", "-1", "0.2", "-1.5", "9", *self._rates()))
        return f"growth({self.name(fact)}, {self.random.choice((1, 1, 2, 3))}) {self.sign()} {limit}"

    def _rates(self) -> tuple[str, ...]:
        return tuple(f":{name}" for name in ("rate", "rates") if name in self.parameters)

    def between(self) -> str:
        word = self.random.choice(("BETWEEN", "BETWEEN", "NOT BETWEEN"))
        if self.random.random() < 0.5:
            return f"{self.money()} {word} {self.limit(MONEY, 'floor')} AND {self.limit(MONEY, 'by_trade', 'twice')}"
        low, high = self.random.choice(COUNTS), self.random.choice((self.value("staff"), "10", "3"))
        return f"{self.value('staff')} {word} {low} AND {high}"

    def one_of(self) -> str:
        word = self.random.choice(("IN", "NOT IN"))
        chosen = ", ".join(str(self.random.choice(COUNTS)) for _ in range(self.random.choice((1, 2, 3))))
        fact = self.random.choice(("staff", "patents", "revenue", "debt"))
        return f"{self.value(fact)} {word} ({chosen})"

    def flag(self) -> str:
        return self.random.choice(("", "", "NOT ", "NOT NOT ")) + self.name(
            self.random.choice(("dishonest", "listed"))
        )

    def word(self) -> str:
        words = [value["zh"] for value in DICTIONARY["trade"]["values"]]
        chosen = self.random.sample(words, self.random.choice((1, 2, 3)))
        if len(chosen) == 1 and self.random.random() < 0.6:
            return f"{self.name('trade')} {self.random.choice(('=', '<>'))} '{chosen[0]}'"
        quoted = ", ".join(f"'{word}'" for word in chosen)
        return f"{self.name('trade')} {self.random.choice(('IN', 'NOT IN'))} ({quoted})"

    def place(self) -> str:
        quoted = [f"""'{place.replace("'", "''")}'""" for place in self.random.sample(PLACES, 2)]
        if self.random.random() < 0.5:
            return f"{self.name('place')} {self.random.choice(('=', '<>'))} {quoted[0]}"
        return f"{self.name('place')} {self.random.choice(('IN', 'NOT IN'))} ({', '.join(quoted)})"

    def day(self) -> str:
        if self.random.random() < 0.2:
            return f"{self.name('founded')} BETWEEN '{self.random.choice(DAYS)}' AND '{self.random.choice(DAYS)}'"
        return f"{self.name('founded')} {self.sign()} '{self.random.choice(DAYS)}'"

    def since(self) -> str:
        if self.random.random() < 0.5:
            return (
                f"years_since({self.name('founded')}) {self.sign()} {self.random.choice((0, 1, 2, 3, 6, -1))}"
            )
        return (
            f"days_since({self.name('founded')}) {self.sign()} {self.random.choice((0, 365, 1095, -30, 847))}"
        )

    def case(self) -> str:
        otherwise = self.random.choice((f" ELSE {self.random.choice(MONEY)}", f" ELSE {self.money()}", ""))
        second = (
            f" WHEN {self.unscored(0)} THEN {self.random.choice(MONEY)}" if self.random.random() < 0.4 else ""
        )
        first = f"WHEN {self.random.choice((self.flag, self.word, self.money_limit))()} THEN {self.random.choice(MONEY)}"
        left = (
            self.money()
            if self.random.random() < 0.6
            else self.value("staff")
            if "ELSE" not in otherwise
            else self.money()
        )
        return f"{left} {self.sign()} CASE {first}{second}{otherwise} END"

    def known(self) -> str:
        function = self.random.choice(("coalesce", "least_known", "greatest_known"))
        if self.random.random() < 0.2:
            parts = [self.value("debt"), f"{self.money()} / {self.money()}", self.random.choice(RATES)]
            return f"{function}({', '.join(self.random.sample(parts, 2))}) {self.sign()} {self.limit(RATES, 'rate')}"
        parts = [self.money() for _ in range(self.random.choice((1, 2, 3)))]
        if self.random.random() < 0.3:
            parts.append(self.random.choice(MONEY))
        text = f"{function}({', '.join(parts)})"
        if self.random.random() < 0.3:
            text = f"abs({text} - {self.money()})"
        return f"{text} {self.sign()} {self.limit(MONEY, 'floor', 'by_trade')}"

    def rounded(self) -> str:
        digits = self.random.choice((0, 1, 2))
        inner = self.random.choice(
            (self.money(), f"{self.money()} / 3", f"abs({self.money()})", f"{self.money()} * 0.5")
        )
        return f"round_half_up({inner}, {digits}) {self.sign()} {self.random.choice(MONEY)}"

    def chance(self) -> str:
        """Give what is hardly ever written: products, quotients of counts, a fact against itself, constants."""
        fact = self.money()
        return self.random.choice(
            (
                f"{self.value('staff')} / {self.value('staff')} {self.sign()} {self.random.choice(RATES)}",
                f"{fact} * {self.value('debt')} {self.sign()} {self.random.choice(MONEY)}",
                f"{fact} - {fact} {self.sign()} 0",
                f"{fact} {self.sign()} {fact}",
                f"{fact} / {fact} = 1",
                f"1 {self.sign()} 2",
                f"{self.value('land')} + {self.value('land')} {self.sign()} {self.random.choice(NUMBERS[2])}",
                f"{self.value('debt')} * {self.value('share')} {self.sign()} {self.random.choice(RATES)}",
                f"-{fact} {self.sign()} - {self.random.choice(MONEY).lstrip('-')}",
                f"{self.money()} / {self.value('land')} {self.sign()} {self.random.choice(MONEY)}",
                f"1 / {self.value('staff')} {self.sign()} 0.5 / {self.value('staff')}",
            )
        )

    def score(self) -> str:
        name = self.random.choice(("score", *(f"score.{one}" for one in self.scores)))
        limit = self.limit((0, 5, 10, 15, 20, 30, "12.5", -1), "plain")
        if self.random.random() < 0.15:
            return f"{name} BETWEEN {limit} AND {self.random.choice((20, 30))}"
        return f"{name} {self.sign()} {limit}"
