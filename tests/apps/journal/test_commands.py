"""`kaiyuan journal`: what an auditor types, and what is answered."""

from __future__ import annotations

import json

import pytest
from tests.apps.journal.tampering import fill, own_the_database, rewrite_from, sql
from typer.testing import CliRunner

from kaiyuan.cli.main import app
from kaiyuan.errors import KaiyuanError


@pytest.fixture
def kaiyuan(cast, other_zone, settings, tmp_path):
    settings.CHECKPOINT_KEY = str(tmp_path / "key.pem")
    settings.ADDRESS = "https://kaiyuan.example"
    fill(cast, 5)

    def run(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, ["journal", *words])
        if isinstance(done.exception, KaiyuanError):
            raise done.exception
        assert done.exit_code == code, done.output
        return done.output

    return run


def test_a_checkpoint_is_handed_out_and_held_against_a_journal_that_was_rewritten(kaiyuan, cast, tmp_path):
    key = kaiyuan("key").splitlines()[-2]
    assert key.startswith("kaiyuan.example/journal/east+")
    assert kaiyuan("key").splitlines()[0] == key, "the second time it is only shown"
    path = kaiyuan("checkpoint", "--out", str(tmp_path)).strip()
    assert path.endswith("east-5.txt"), "a zone without events has none"
    whole = kaiyuan("verify", "--checkpoint", path, "--key", key)
    assert "east: 6 events, sha256, 1 checkpoints here, 1 from outside" in whole
    assert "as the checkpoint from outside knew it" in whole
    own_the_database()
    sql("DELETE FROM journal_checkpoint")
    rewrite_from(cast, 2)
    assert "only a checkpoint kept outside" in kaiyuan("verify", "--zone", "east")
    assert "the journal was rewritten" in kaiyuan("verify", "--checkpoint", path, code=1)


def test_every_zone_is_verified_and_findings_are_given_as_json(kaiyuan):
    own_the_database()
    sql("UPDATE journal_event SET actor_label = 'x' WHERE sequence = 3")
    east, west = json.loads(kaiyuan("verify", "--json", code=1))
    assert (east["zone"], east["whole"], east["findings"][0]["sequence"]) == ("east", False, 3)
    assert (west["zone"], west["whole"], west["events"]) == ("west", True, 0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("verify", "--zone", "nowhere"), "there is no such zone: 'nowhere'"),
        (("verify", "--checkpoint", "/nowhere/note.txt"), "this checkpoint cannot be read"),
        (("verify", "--key", "a+b+c"), "not a key for checkpoints"),
        (("checkpoint", "--zone", "east"), "Make one with `kaiyuan journal key`"),
    ],
)
def test_what_cannot_be_used_is_said(kaiyuan, words, said):
    with pytest.raises(KaiyuanError) as refused:
        kaiyuan(*words)
    assert said in str(refused.value)
