"""An auditor proves that nothing was changed, and would see it if something were."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser


def test_the_journal_is_read_verified_and_signed_and_the_note_is_kept_outside(visit, tmp_path):
    page = visit("demo.auditor")
    page.goto("/")
    page.get_by_role("link", name="日志", exact=True).first.click()
    page.get_by_role("link", name="运行全部规则").first.click()
    assert "内容与摘要相符" in page.locator("main").inner_text()

    page.goto("/journal/checkpoints/")
    page.get_by_role("button", name="签发").click()
    assert "已签发，覆盖前" in page.locator("main").inner_text()
    with page.expect_download() as download:
        page.locator('tbody a[href$=".txt"]').first.click()
    note = tmp_path / "note.txt"
    download.value.save_as(note)

    page.goto("/journal/verify/")
    page.get_by_label("外存的检查点").fill(note.read_text(encoding="utf-8"))
    page.get_by_role("button", name="校验", exact=True).click()
    said = page.locator("main").inner_text()
    assert "没有发现改动" in said and "与外存的检查点一致" in said
    assert page.complaints == []


def verified(folder: Path, note: Path | None) -> subprocess.CompletedProcess[str]:
    """Verify the demonstration zone's journal in a folder by the command line, with a note from outside if given."""
    command = [sys.executable, "-m", "kaiyuan.cli.main", "journal", "verify", "--zone", "demo"]
    command += ["--checkpoint", str(note)] if note is not None else []
    place = {"KAIYUAN_MODE": "demo", "KAIYUAN_DATA": str(folder), "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(command, env=os.environ | place, capture_output=True, text=True)


@pytest.fixture
def copy(site, tmp_path):
    """Give a whole copy of the running site's folder, its journal's guards taken away, as an intruder would."""
    folder = tmp_path / "copy"
    folder.mkdir()
    (folder / "checkpoint.pem").write_bytes((site.folder / "checkpoint.pem").read_bytes())
    with sqlite3.connect(site.folder / "site.sqlite3") as there:
        there.execute("VACUUM INTO ?", (str(folder / "site.sqlite3"),))
    with sqlite3.connect(folder / "site.sqlite3") as database:
        names = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'journal_%'"
        ).fetchall()
        assert names
        for (name,) in names:
            database.execute(f'DROP TRIGGER "{name}"')
    return folder


def test_one_letter_changed_in_the_file_is_found_and_named(copy):
    assert verified(copy, None).returncode == 0
    with sqlite3.connect(copy / "site.sqlite3") as database:
        database.execute(
            "UPDATE journal_event SET actor_label = actor_label || ' ' WHERE sequence = 12 AND chain_id = 1"
        )
    done = verified(copy, None)
    assert done.returncode == 1 and "12" in done.stdout and "NOT as it was recorded" in done.stdout


def test_a_carefully_cut_end_is_found_by_the_note_alone(copy, tmp_path):
    note = tmp_path / "note.txt"
    with sqlite3.connect(copy / "site.sqlite3") as database:
        chain = "(SELECT id FROM journal_chain ORDER BY id LIMIT 1)"
        text, size = database.execute(
            f"SELECT note, size FROM journal_checkpoint WHERE chain_id = {chain} ORDER BY size DESC LIMIT 1"
        ).fetchone()
        note.write_text(text, encoding="utf-8")
        kept = size - 2
        head = database.execute(
            f"SELECT hash FROM journal_event WHERE chain_id = {chain} AND sequence = ?", (kept,)
        ).fetchone()[0]
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute(f"DELETE FROM journal_checkpoint WHERE chain_id = {chain} AND size > ?", (kept,))
        database.execute(f"DELETE FROM journal_event WHERE chain_id = {chain} AND sequence > ?", (kept,))
        database.execute(f"UPDATE journal_chain SET length = ?, head = ? WHERE id = {chain}", (kept, head))
    assert verified(copy, None).returncode == 0
    assert verified(copy, note).returncode == 1
