"""A value in every field of a zone that is nobody else's business, each to be found wherever it turns up."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
from tests.cast import AT, ON, Cast

from kaiyuan.apps.enterprises.models import Enterprise
from kaiyuan.apps.facts.actions import NewSource, load
from kaiyuan.apps.facts.rules import dictionary_of
from kaiyuan.apps.intake.models import Import
from kaiyuan.apps.journal.models import Subscription
from kaiyuan.apps.zones.models import ApiKey, Department, User
from kaiyuan.rulebook.facts import FactDefinition

STEM = "Kanarie"
"""What every canary that is words begins with; to search for it is not yet to know one."""
WITHOUT_ROOM = {"loan_purpose", "loan_overdue", "overdue_debtor"}
"""Facts whose few values stand in the packs: none of them is anybody's own."""


@dataclass(frozen=True)
class Canary:
    """One value: whose and which field, its class, and the ways in which it may be written."""

    subject: str
    field: str
    privacy: str
    forms: tuple[str, ...]

    def is_in(self, text: str) -> bool:
        """Tell whether a text shows it in any way."""
        return any(form in text for form in self.forms)


def put_facts(cast: Cast, *, base: int) -> list[Canary]:
    """Give every confidential and personal fact of every enterprise of a zone a value found nowhere else."""
    dictionary = dictionary_of(cast.zone.pk)
    secret = [fact for fact in dictionary.values() if fact.privacy in {"confidential", "personal"}]
    assert {fact.name for fact in secret if fact.type in {"boolean", "category"}} == WITHOUT_ROOM
    columns: dict[str, list[object]] = {}
    canaries = []
    number = base
    for fact in secret:
        if fact.name in WITHOUT_ROOM:
            continue
        for firm in cast.firms:
            number += 1
            value, forms = _value(fact, number, firm.code)
            columns.setdefault(fact.name, []).append(value)
            canaries.append(Canary(firm.code, fact.name, fact.privacy, forms))
    batch = pa.RecordBatch.from_pydict(
        {
            "subject": [firm.code for firm in cast.firms],
            "subject_name": [firm.name for firm in cast.firms],
            "source_line": pa.array(range(len(cast.firms)), pa.int64()),
            **columns,
        }
    )
    load(
        by=cast.person("officer"),
        batches=[batch],
        source=NewSource(kind="file", label=f"{STEM}-source-{cast.zone.code}.xlsx", data_date=ON),
        on=ON,
        at=AT,
    )
    return canaries


def _value(fact: FactDefinition, number: int, code: str) -> tuple[object, tuple[str, ...]]:
    match fact.type:
        case "money":
            fen = (310_000 + 137 * number) * 10_000
            wan = f"{fen / 1_000_000:.2f}"
            return fen, (str(fen), str(fen // 100), f"{fen // 100:,}", wan, f"{float(wan):,.2f}")
        case "ratio":
            share = 0.31 + number / 100_000
            return share, (f"{share:.5f}", f"{share * 100:.3f}")
        case "number":
            whole = 4_210_007 + 31 * number
            return float(whole), (str(whole), f"{whole:,}")
        case _:
            words = f"{STEM}-{fact.name}-{code}"
            return words, (words,)


def put_elsewhere(cast: Cast) -> list[Canary]:
    """Put canaries into what is no fact: names of enterprises, people, departments, keys, files, receivers, notes."""

    def words(field: str) -> str:
        return f"{STEM}-{field}-{cast.zone.code}"

    Enterprise.objects.filter(zone=cast.zone).update(
        name=words("enterprise"), note=words("note"), name_initials="kanarie", name_pinyin="kanarie"
    )
    User.objects.filter(memberships__zone=cast.zone).update(full_name=words("person"))
    Department.objects.filter(zone=cast.zone).update(name_zh=words("department"), name_en=words("department"))
    ApiKey.objects.filter(membership__zone=cast.zone).update(name=words("key"))
    Subscription.objects.filter(zone=cast.zone).update(target=words("receiver"), secret=words("secret"))
    Import.objects.filter(zone=cast.zone).update(file_name=words("file"))
    cast.zone.name_zh = cast.zone.name_en = words("zone")
    cast.zone.save()
    fields = (
        "enterprise",
        "note",
        "person",
        "department",
        "key",
        "receiver",
        "secret",
        "file",
        "source",
        "zone",
    )
    return [Canary("", field, "internal", (words(field),)) for field in fields] + [
        Canary("", "username", "internal", (f"{cast.zone.code}-officer",))
    ]
