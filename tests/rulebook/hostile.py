"""Hostile expressions: attacks, keyboard accidents, mutations of valid texts, token soup. Seeded, endless."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

FACTS = """\
facts:
  revenue: {label: {zh: 营业收入, en: Revenue}, type: money, unit: 万元, period: year, class: public}
  rd: {label: {zh: 研发费用, en: R&D}, type: money, unit: 万元, period: year, class: public}
  assets: {label: {zh: 总资产, en: Assets}, type: money, unit: 亿元, period: year, class: public}
  staff: {label: {zh: 人数, en: Staff}, type: integer, unit: 人, period: year, class: public}
  land: {label: {zh: 用地面积, en: Land}, type: number, unit: 亩, period: moment, class: public}
  rate: {label: {zh: 负债率, en: Debt}, type: ratio, period: moment, class: public}
  dishonest: {label: {zh: 严重失信, en: Dishonest}, type: boolean, period: moment, class: public}
  trade:
    label: {zh: 行业, en: Trade}
    type: category
    period: moment
    class: public
    values: [{zh: 工业, en: Industry}, {zh: 建筑业, en: Construction, aliases: [建筑]}]
  place: {label: {zh: 地址, en: Address}, type: text, period: moment, class: public}
  founded: {label: {zh: 成立日期, en: Founded}, type: date, period: moment, class: public}
"""
PARAMETERS = ("floor", "ratio_floor", "大型")
SCORES = ("score", "innovation", "rd_points")

VALID = (
    "营业收入 >= 1500",
    "研发费用 / 营业收入 >= 0.03 AND prior(研发费用, 1) / prior(营业收入, 1) >= 0.03",
    "营业收入 >= :floor OR 人数 * 2 < 300",
    "行业 IN ('工业', '建筑业') AND NOT 严重失信",
    "CASE WHEN 严重失信 THEN 1 WHEN 人数 > 5 THEN 2 ELSE 3 END > 1",
    "growth(营业收入, 2) BETWEEN -0.5 AND 0.2",
    "coalesce(营业收入, 研发费用, 0) <> abs(总资产 - 营业收入)",
    "score.innovation >= 20 AND score >= :ratio_floor",
    "years_since(成立日期) >= 3 OR 成立日期 < '2020-02-29'",
    "round_half_up(负债率, 2) = 0.55",
    "least_known(营业收入, prior(营业收入, 1)) > greatest_known(研发费用, 5)",
    "(地址 = '高新区' OR 地址 <> '开发区') AND (营业收入 - 研发费用) * 2 > 3",
)

# One attack a line: {f} stands for a fact, {n} for a number, {s} for a string, {b} for a condition.
ATTACKS = (
    *Path(__file__).with_name("hostile_attacks.txt").read_text(encoding="utf-8").splitlines(),
    "--\n{b}",
    "{b}\n;\n{b}",
)

_KEYWORDS = """
SELECT FROM WHERE GROUP ORDER BY HAVING LIMIT UNION EXCEPT INTERSECT VALUES WITH AS ON USING JOIN LEFT
CROSS NATURAL LATERAL UNNEST PIVOT OVER PARTITION WINDOW ROWS RANGE FILTER WITHIN DISTINCT ALL ANY SOME
EXISTS NULL TRUE FALSE IS ISNULL NOTNULL LIKE ILIKE RLIKE GLOB SIMILAR REGEXP ESCAPE COLLATE CAST
INTERVAL DATE TIMESTAMP TIME ZONE AT ARRAY MAP STRUCT ROW JSON DEFAULT DROP TABLE INSERT UPDATE DELETE
SET CALL COPY BEGIN COMMIT END CASE WHEN THEN ELSE AND OR NOT IN BETWEEN DIV MOD XOR PRIOR CURRENT_DATE
CURRENT_USER SESSION_USER DESC ASC IF FOR DO KILL LOAD CACHE DESCRIBE PRAGMA
"""
_SIGNS = r"""
+ - * / = <> != < <= > >= ( ) [ ] { } , . : ; :: := -> ->> => #> @> <@ <=> || && | & ^ ~ ~* !~ << >> **
// % ? $1 $x @x @@ # ! \ ' " ` -- /* */ /*+ . .. ... $$ ::floor :floor :ratio_floor :nobody
"""
KEYWORDS, SIGNS = tuple(_KEYWORDS.split()), tuple(_SIGNS.split())
WIDE = (
    "（）【】，。；：、＋－×÷＝≠＜＞≤≥≦≧％＃＠＆｜～＿０１５９ＡＮＤｏｒ＇＂‘’“”「」『』　〔〕·—…￥①㈠ⅣⅫ²³½٣۵"
)
UNSEEN = (
    "\u200b\u200c\u200d\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2069\u200e\u200f\u00ad"
    "\u061c"
    "\u180e\x00\x01\x07\x08\x0b\x0c\x1b\x7f\x85\u2028\u2029\u00a0\u3000\ufffd\ufffe"
    "\ud800\udfff\U000e0041\U000f0000\u0301\u20dd\ufe0f\u3164\u115f\u2800"
)
FACT_WORDS = (
    *("营业收入", "研发费用", "总资产", "人数", "用地面积", "负债率", "严重失信", "行业", "地址", "成立日期"),
    *(
        "revenue",
        "staff",
        "trade",
        "founded",
        "Revenue",
        "不存在",
        "nobody",
        "score",
        "score.innovation",
        "_",
    ),
    *("select_", "营业 收入", "ｒｅｖｅｎｕｅ"),
)
NUMBERS = (
    *("0", "1", "3", "-1", "0.03", "1500", "１５００", "1e3", "1.", ".5", "007", "五百"),
    *("99999999999999999999", "0.0000000000000001"),
)
STRINGS = (
    *("'工业'", "'建筑'", "'2026-04-01'", "'2026-13-99'", "''", "'%'", "'a''b'", "'; drop table x --'"),
    *("'\u200b'", "’工业’", "'＇'"),
)
# What is wrapped around a text again and again …
WRAPPINGS = (
    *(
        ("(", ")"),
        ("NOT (", ")"),
        ("-(", ")"),
        ("abs(", ")"),
        ("coalesce(", ", 1)"),
        ("NOT ", ""),
        ("- ", ""),
    ),
    *(("+", ""), ("-", ""), ("CASE WHEN 1 < ", " THEN 1 END"), ("CASE WHEN 严重失信 THEN ", " ELSE 2 END")),
    *(("(1 + ", ")"), ("1 / (", ")"), ("[", "]"), ("{", "}"), ("'", "'"), ('"', '"'), ("/*", "*/")),
    *(
        ("(SELECT ", ")"),
        ("least_known(", ")"),
        ("NOT NOT (", ")"),
        ("( - ", ")"),
        ("（", "）"),
        ("x -> ", ""),
    ),
    *(("CASE ", " END"), ("a BETWEEN ", " AND 2"), ("a.", ""), ("CAST(", " AS int)"), ("1 - ", "")),
    ("营业收入 > ", ""),
)
# … and what is written behind it again and again ({f}: a fact, {b}: a condition).
TAILS = (
    *(" AND {b}", " OR 严重失信", " + {f}", " / {f}", " * 2", " - 1", " = 1", " > {f}", ", 1", ".a", ":a"),
    *("[1]", "::int", " BETWEEN 1 AND 2", " IN (1)", " IS NULL", " 'a'", " AND NOT 严重失信", ";", "(", ")"),
    *(" ", "\n", "9", "营", " COLLATE a", " y"),
)


def hostile_texts(seed: int) -> Iterator[str]:
    """Give hostile texts without end, the same for the same seed."""
    random = Random(seed)
    ways: tuple[Callable[[Random], str], ...] = (
        attack,
        attack,
        mutation,
        mutation,
        soup,
        nested,
        noise,
        hybrid,
    )
    while True:
        yield random.choice(ways)(random)


def attack(random: Random) -> str:
    """Fill one of the known attacks, sometimes beside a valid text."""
    text = random.choice(ATTACKS).format(
        f=random.choice(FACT_WORDS[:10]),
        n=random.choice(NUMBERS),
        s=random.choice(STRINGS),
        b=random.choice(VALID),
    )
    if random.random() < 0.3:
        word = random.choice((" AND ", " OR ", " AND NOT ", " ", ", "))
        text = (
            f"{random.choice(VALID)}{word}{text}"
            if random.random() < 0.5
            else f"({text}){word}{random.choice(VALID)}"
        )
    return text.lower() if random.random() < 0.2 else text


def mutation(random: Random) -> str:
    """Change a valid text in a few places by one character or one word."""
    text = random.choice(VALID)
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        at = random.randrange(len(text) + 1)
        to = min(len(text), at + random.choice((0, 0, 1, 1, 2, 5)))
        text = text[:at] + _piece(random) + text[to:]
    return text


def soup(random: Random) -> str:
    """Throw words and signs together."""
    glue = random.choice((" ", " ", ""))
    return glue.join(_piece(random) for _ in range(random.choice((1, 2, 3, 5, 8, 13, 30))))


def nested(random: Random) -> str:
    """Nest or repeat something a few times, or far too often."""
    n = random.choice((1, 2, 5, 9, 15, 16, 17, 20, 39, 41, 60, 120, 149, 151, 300, 1000, 5000))
    fact, text = random.choice(FACT_WORDS[:10]), random.choice(VALID)
    opening, closing = random.choice(WRAPPINGS)
    tail = random.choice(TAILS).format(f=fact, b=text)
    inner = random.choice((fact, text, fact + " >= 1", "1"))
    made = opening * n + inner + closing * (n if random.random() < 0.8 else n // 2)
    if random.random() < 0.4:
        made = random.choice((fact, text)) + tail * n
    elif random.random() < 0.5:
        made += " > 1"
    return made


def noise(random: Random) -> str:
    """Give characters of every kind in no order."""
    alphabet = random.choice(
        (WIDE, UNSEEN, WIDE + UNSEEN + "abc营业收入 ()><=.'\"", "".join(map(chr, range(1, 128))))
    )
    text = "".join(random.choice(alphabet) for _ in range(random.choice((0, 1, 2, 5, 20, 80))))
    if random.random() < 0.3:
        text += chr(random.randrange(0x110000))
    return text


def hybrid(random: Random) -> str:
    """Write a valid text with a Chinese keyboard, or hide something in it, or join two attacks."""
    way = random.randrange(4)
    text = random.choice(VALID)
    if way == 0:
        return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" and random.random() < 0.4 else c for c in text)
    if way == 1:
        at = random.randrange(len(text) + 1)
        return text[:at] + random.choice(UNSEEN) + text[at:]
    if way == 2:
        return attack(random) + random.choice((" ", " AND ", " OR ", ", ", "\n", "; ")) + attack(random)
    return text.replace(
        " ", random.choice(("\t", "\n", "\u3000", "\u00a0", "", "  ", "/**/", "\r\n", "\x0b", "\u2003"))
    )


def _piece(random: Random) -> str:
    kind = random.randrange(9)
    if kind == 0:
        return random.choice(KEYWORDS)
    if kind in (1, 2):
        return random.choice(SIGNS)
    if kind == 3:
        return random.choice(WIDE)
    if kind == 4:
        return random.choice(UNSEEN)
    if kind == 5:
        return random.choice(NUMBERS)
    if kind == 6:
        return random.choice(STRINGS)
    if kind == 7:
        return random.choice(
            ("prior(", "growth(", "coalesce(", "abs(", "years_since(", "round_half_up(", "nvl(", "sum(", "x(")
        )
    return random.choice(FACT_WORDS)
