"""A zone of many enterprises in the site's own database, filled by its acts; kept below `bench/out` and used again."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The pages look at today's facts, so these are of the year before the day on which the zone is made.
AT = datetime.now(UTC)
ON = AT.date()
CODE = "bench"
ROLES = ("agent", "officer", "supervisor", "policy_editor", "auditor", "administrator")
# Twenty facts of a year, three years each: sixty values an enterprise.
FACTS = (
    *("revenue", "main_revenue", "total_income", "hightech_income", "net_profit", "total_profit"),
    *("total_assets", "net_assets", "total_cost", "rd_expense", "rd_expense_domestic", "tax_paid"),
    *("value_added", "output_value", "staff", "employees", "tech_staff", "rd_staff", "land_area", "energy"),
)


def ready(enterprises: int) -> Path:
    """Set the site up over a zone of so many enterprises, made if it is not there; give its folder."""
    from kaiyuan.cli.site_setup import migrate, set_up

    folder = ROOT / "bench" / "out" / f"site-{enterprises}"
    folder.mkdir(parents=True, exist_ok=True)
    mark, made_by = folder / "bench.json", _fingerprint()
    whole = mark.exists() and json.loads(mark.read_text()) == made_by
    if not whole:
        mark.unlink(missing_ok=True)
        for end in ("", "-wal", "-shm"):
            (folder / f"site.sqlite3{end}").unlink(missing_ok=True)
    os.environ.setdefault("KAIYUAN_LOG_LEVEL", "ERROR")
    set_up(mode="demo", data=folder)
    if not whole:
        migrate()
        _fill(enterprises)
        mark.write_text(json.dumps(made_by))
    return folder


def say(text: str) -> None:
    """Tell what is being done."""
    print(text, file=sys.stderr, flush=True)


def _fill(enterprises: int) -> None:
    from kaiyuan.apps.enterprises import actions as enterprise_acts
    from kaiyuan.apps.facts import actions as fact_acts
    from kaiyuan.apps.facts.rules import rules_of
    from kaiyuan.apps.people.actions import invite
    from kaiyuan.apps.people.founding import NewDepartment, command_line, found_zone
    from kaiyuan.apps.zones.queries import person_in
    from kaiyuan.sheets import synthetic_enterprises

    science = NewDepartment("science", "科技局", "Science")
    zone = found_zone(code=CODE, zh="测速区", en="Bench", at=AT, departments=[science], demo=True)
    batches = list(
        synthetic_enterprises(
            facts=rules_of(zone.pk).facts,
            count=enterprises,
            seed=1,
            base_year=ON.year - 1,
            used=FACTS,
        )
    )
    places = {
        role: invite(
            by=command_line(zone),
            name=role,
            full_name=role,
            role=role,
            department_id=zone.departments.get().pk if role == "officer" else None,
            subject=batches[0].column("subject")[17].as_py() if role == "agent" else "",
            starts_on=ON,
            at=AT,
        )
        for role in ROLES
    }
    officer, began = person_in(places["officer"]), time.perf_counter()
    source = fact_acts.NewSource(kind="synthetic", label="bench", data_date=ON)
    loaded = fact_acts.load(by=officer, batches=batches, source=source, on=ON, at=AT)
    say(f"{loaded.observations:,} observations written in {time.perf_counter() - began:.0f} s")
    began = time.perf_counter()
    enterprise_acts.register(by=officer, subjects=loaded.subjects, at=AT)
    say(f"{enterprises:,} enterprises registered in {time.perf_counter() - began:.0f} s")
    began = time.perf_counter()
    enterprise_acts.run_rules(by=officer, as_of=ON, known_at=AT, at=AT)
    say(f"all rules run and kept in {time.perf_counter() - began:.0f} s")


def _fingerprint() -> dict[str, str]:
    digest = hashlib.sha256(Path(__file__).read_bytes())
    digest.update(str(ON.year).encode())
    for path in sorted((ROOT / "src" / "kaiyuan" / "apps").glob("*/migrations/*.py")):
        digest.update(path.read_bytes())
    return {"made_by": digest.hexdigest()}
