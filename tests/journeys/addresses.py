"""Every page of the site, with the person of the demonstration who looks at it.

A page without a line here fails tests/journeys/test_accessibility.py. What stands in braces is looked up in the
demonstration's database by the query of the same name.
"""

from __future__ import annotations

QUERIES = {
    "firm": "SELECT subject FROM zones_membership WHERE role = 'agent' ORDER BY id LIMIT 1",
    "event": "SELECT MAX(sequence) FROM journal_event",
    "import": "SELECT id FROM intake_import ORDER BY id LIMIT 1",
    "fact": "SELECT 'revenue'",
    "assessment": "SELECT 'hte_reward'",
    "rule": "SELECT 'national.cultivation_2026'",
}

PAGES: tuple[tuple[str, str | None, str], ...] = (
    # (name of the address, who looks, address)
    ("account_login", None, "/accounts/login/"),
    ("site:home", "agent", "/"),
    ("site:home", "officer", "/"),
    ("site:home", "supervisor", "/"),
    ("site:home", "auditor", "/"),
    ("site:home", "editor", "/"),
    ("site:home", "admin", "/"),
    ("site:components", "officer", "/dev/components/"),
    ("zones:me", "officer", "/me/"),
    ("404", "officer", "/nothing/here/"),
    ("404", None, "/nothing/here/"),
)
