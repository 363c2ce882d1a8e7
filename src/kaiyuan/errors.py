"""The one base of every refusal made on purpose.

A refusal tells where it happened (file, line, column), what was met (text) and what to do (remedy). Its
printed form is part of the interface: people read it, tests compare it.
"""

from __future__ import annotations


class KaiyuanError(Exception):
    """A refusal made on purpose, with its place and its remedy."""

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        text: str | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self.text = text
        self.remedy = remedy

    @property
    def place(self) -> str:
        """Give `file:line:column`, as far as known; empty when nothing is known."""
        parts = [self.file or ""]
        if self.line is not None:
            parts.append(str(self.line))
            if self.column is not None:
                parts.append(str(self.column))
        elif self.column is not None:
            parts.append(f"position {self.column}")
        return ":".join(parts) if self.file else " ".join(part for part in parts if part)

    def at(self, *, file: str | None = None, line: int | None = None) -> KaiyuanError:
        """Give the same refusal with its place filled in where it was not yet known."""
        self.file = self.file or file
        self.line = self.line if self.line is not None else line
        return self

    def __str__(self) -> str:
        head = f"{self.place}: {self.message}" if self.place else self.message
        if self.text is not None:
            head += f": {self.text!r}"
        if self.remedy:
            head += f". {self.remedy}"
        return head


class InputError(KaiyuanError):
    """A file of facts, or an argument, that cannot be used as it is."""


class RuleError(KaiyuanError):
    """A rule, parameter or fact dictionary that is not acceptable."""


class PackError(KaiyuanError):
    """A pack that cannot be found, or does not hold together."""
