"""The gate before the parser: width, length, depth and kinds of words are settled before sqlglot sees a text.

sqlglot is a generous parser: it takes comments, several statements, casts and table functions, and its
recursion ends in an error at a few dozen nested brackets. So every token is checked against a list here, with
its position, and what is not on the list never reaches the parser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType
from sqlglot.tokens import Tokenizer

from kaiyuan.errors import RuleError
from kaiyuan.rulebook.expression.functions import FUNCTIONS
from kaiyuan.rulebook.width import invisible_position, plain

MAX_CHARACTERS = 2000
MAX_TOKENS = 300
MAX_BRACKETS = 16
MAX_PREFIXES = 8
MAX_CASES = 4

_ALLOWED = frozenset(
    {
        TokenType.NUMBER, TokenType.STRING, TokenType.VAR, TokenType.IDENTIFIER, TokenType.L_PAREN,
        TokenType.R_PAREN, TokenType.COMMA, TokenType.DOT, TokenType.COLON, TokenType.PLUS, TokenType.DASH,
        TokenType.STAR, TokenType.SLASH, TokenType.EQ, TokenType.NEQ, TokenType.LT, TokenType.LTE, TokenType.GT,
        TokenType.GTE, TokenType.AND, TokenType.OR, TokenType.NOT, TokenType.BETWEEN, TokenType.IN,
        TokenType.CASE, TokenType.WHEN, TokenType.THEN, TokenType.ELSE, TokenType.END,
    }
)  # fmt: skip

_REMEDIES = {
    TokenType.SEMICOLON: "One condition is one expression; write it without «;»",
    TokenType.SELECT: "A rule looks at one enterprise; write it without a subquery",
    TokenType.NULL: "Unknown needs no sign; use coalesce(…) for a stated fallback",
    TokenType.TRUE: "Write a yes/no fact alone: 严重失信, or NOT 严重失信",
    TokenType.FALSE: "Write a yes/no fact alone: 严重失信, or NOT 严重失信",
    TokenType.MOD: "Write a percentage as a fraction: 0.03 for 3 %",
    TokenType.DCOLON: "Casts are not part of the language; the fact dictionary gives the type",
    TokenType.PARAMETER: "Write a parameter as :name",
    TokenType.PLACEHOLDER: "Write a parameter as :name",
}

_OPERANDS = frozenset({TokenType.NUMBER, TokenType.STRING, TokenType.VAR, TokenType.IDENTIFIER})
_NAMES = frozenset({TokenType.VAR, TokenType.IDENTIFIER})
# Words that sqlglot does not mark as keywords but reads as the head of a form of their own.
_TRAPS = frozenset({"if", "connect_by_root"})

_WORDS = (
    (re.compile(r"(?<=[\s)'])(?:且|并且)(?=[\s(:])"), "AND"),
    (re.compile(r"(?<=[\s)'])(?:或|或者)(?=[\s(:])"), "OR"),
)
_NUMBER = re.compile(r"\d{1,18}(\.\d{0,12})?")


@dataclass(frozen=True)
class PreparedText:
    """A text that may be parsed, with the way back to the positions of the author's own text."""

    original: str
    text: str
    origins: tuple[int, ...]

    def position(self, index: int) -> int:
        """Give the 1-based position in the author's text of a 0-based index into the prepared text."""
        if not self.origins:
            return 1
        return self.origins[min(max(index, 0), len(self.origins) - 1)] + 1


def prepare(text: str) -> PreparedText:
    """Give the text in plain width, or raise `RuleError` naming the position of what must not stand in it."""
    if len(text) > MAX_CHARACTERS:
        raise _refusal(
            f"the expression has {len(text)} characters, more than {MAX_CHARACTERS}",
            position=MAX_CHARACTERS + 1,
            text=text[:40] + "…",
            remedy="Split it into several conditions",
        )
    hidden = invisible_position(text)
    if hidden is not None:
        raise _refusal(
            "a character that cannot be seen stands in the expression",
            position=hidden,
            text=f"U+{ord(text[hidden - 1]):04X}",
            remedy="Delete it and type the place again",
        )
    if not text.strip():
        raise _refusal(
            "the expression is empty",
            position=1,
            text=text,
            remedy="Write a condition such as 营业收入 >= 1500",
        )
    prepared = _plain_outside_quotes(text)
    _check_tokens(prepared)
    return prepared


def _plain_outside_quotes(text: str) -> PreparedText:
    pieces: list[str] = []
    origins: list[int] = []
    quoted = False
    for index, character in enumerate(text):
        piece = plain(character)
        if piece == "'":
            quoted = not quoted
        elif quoted:
            piece = character
        elif piece in "\t\n\r":
            piece = " "
        pieces.append(piece)
        origins.extend([index] * len(piece))
    result = "".join(pieces)
    for pattern, word in _WORDS:
        while match := pattern.search(result):
            start, end = match.span()
            if result[:start].count("'") % 2:
                break
            result = result[:start] + word + result[end:]
            origins[start:end] = [origins[start]] * len(word)
    return PreparedText(text, result, tuple(origins))


def _check_tokens(prepared: PreparedText) -> None:
    try:
        tokens = Tokenizer().tokenize(prepared.text)
    except SqlglotError as error:
        raise _refusal(
            "the expression cannot be read; a quotation mark or a name is not closed",
            position=len(prepared.original),
            text=prepared.original,
            remedy="Close every ' and \"",
        ) from error
    if len(tokens) > MAX_TOKENS:
        raise _refusal(
            f"the expression has {len(tokens)} words and signs, more than {MAX_TOKENS}",
            position=prepared.position(tokens[MAX_TOKENS].start),
            text=tokens[MAX_TOKENS].text,
            remedy="Split it into several conditions",
        )
    covered = 0
    brackets = prefixes = cases = 0
    for previous, token in zip([None, *tokens], tokens, strict=False):
        gap = prepared.text[covered : token.start]
        if gap.strip() or token.comments:
            start = covered if gap.strip() else token.end + 1
            rest = prepared.text[start:]
            offset = start + len(rest) - len(rest.lstrip())
            raise _refusal(
                "a comment stands in the expression",
                position=prepared.position(offset),
                text=prepared.text[offset : offset + 20] or token.text,
                remedy="Put the explanation into `zh`, `en` or `reading`",
            )
        covered = token.end + 1
        if previous is not None:
            _check_neighbours(previous, token, prepared)
        brackets, prefixes, cases = _check_token(token, prepared, brackets, prefixes, cases)
    if prepared.text[covered:].strip():
        raise _refusal(
            "a comment stands in the expression",
            position=prepared.position(covered),
            text=prepared.text[covered:].strip()[:20],
            remedy="Put the explanation into `zh`, `en` or `reading`",
        )


def _check_token(
    token: Token, prepared: PreparedText, brackets: int, prefixes: int, cases: int
) -> tuple[int, int, int]:
    kind, position = token.token_type, prepared.position(token.start)
    if kind not in _ALLOWED:
        raise _refusal(
            "this word or sign is not part of the expression language",
            position=position,
            text=token.text,
            remedy=_REMEDIES.get(
                kind, "Allowed are facts, numbers, 'words', + - * /, comparisons, BETWEEN, IN, AND, OR, NOT, CASE, "
                ":parameters and the listed functions"
            ),
        )  # fmt: skip
    if kind is TokenType.NUMBER and not _NUMBER.fullmatch(token.text):
        raise _refusal(
            "this number cannot be read",
            position=position,
            text=token.text,
            remedy="Write it as 1500 or 0.03, digits only",
        )
    brackets += (kind is TokenType.L_PAREN) - (kind is TokenType.R_PAREN)
    cases += (kind is TokenType.CASE) - (kind is TokenType.END)
    prefixes = prefixes + 1 if kind in (TokenType.NOT, TokenType.DASH, TokenType.PLUS) else 0
    if brackets > MAX_BRACKETS or prefixes > MAX_PREFIXES or cases > MAX_CASES:
        raise _refusal(
            f"the expression is nested too deeply (at most {MAX_BRACKETS} brackets, {MAX_CASES} CASE)",
            position=position,
            text=token.text,
            remedy="Split it into several conditions",
        )
    return brackets, prefixes, cases


def _check_neighbours(previous: Token, token: Token, prepared: PreparedText) -> None:
    if previous.token_type in _OPERANDS and token.token_type in _OPERANDS:
        unit = previous.token_type is TokenType.NUMBER
        raise _refusal(
            "two names or values stand side by side with no sign between them",
            position=prepared.position(token.start),
            text=token.text,
            remedy="Write the number alone; it is in the unit of the fact beside it (see facts.yaml)"
            if unit
            else "Join them with an operator, AND or OR, or delete one",
        )
    if previous.token_type is TokenType.DOT and token.token_type is TokenType.NUMBER:
        raise _refusal(
            "this number cannot be read",
            position=prepared.position(previous.start),
            text=f".{token.text}",
            remedy="Write the zero before the point: 0.5",
        )
    if previous.token_type not in _NAMES:
        return
    name = previous.text.lower()
    listed = name in FUNCTIONS and previous.token_type is TokenType.VAR
    if (token.token_type is TokenType.L_PAREN and not listed) or name in _TRAPS:
        raise _refusal(
            "this function is not part of the language",
            position=prepared.position(previous.start),
            text=previous.text,
            remedy="Known: " + ", ".join(FUNCTIONS),
        )


def _refusal(message: str, *, position: int, text: str, remedy: str) -> RuleError:
    return RuleError(message, column=position, text=text, remedy=remedy)
