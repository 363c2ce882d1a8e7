"""A checkpoint kept outside shows what the chain alone cannot: a cut end, a chain rewritten as a whole, a branch."""

from __future__ import annotations

import base64
import hashlib
import json
import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.apps.journal.tampering import cut_tail, fill, own_the_database, rewrite_from, sql
from tests.cast import AT

from kaiyuan.apps.journal.actions import NotWhole, make_checkpoint, put_verification_down
from kaiyuan.apps.journal.merkle import Tree, inclusion_proof, is_included
from kaiyuan.apps.journal.models import Chain, Checkpoint, Event
from kaiyuan.apps.journal.notes import NoteError, public_of, read_note, verifier_key, write_note
from kaiyuan.apps.journal.queries import verify
from kaiyuan.apps.journal.signing import NoKey, make_key, signing_key, trusted_keys
from kaiyuan.apps.zones.rights import Absent
from kaiyuan.errors import InputError


@pytest.fixture
def key(settings, tmp_path):
    settings.CHECKPOINT_KEY = str(tmp_path / "key.pem")
    settings.ADDRESS = "https://kaiyuan.example"
    make_key(tmp_path / "key.pem")
    return signing_key()


def checkpoint(cast) -> str:
    verified = verify(zone_id=cast.zone.pk)
    return make_checkpoint(by=cast.person("auditor"), verified=verified, at=AT).note


def kinds(cast, note: str) -> list[str]:
    return [each.kind for each in verify(zone_id=cast.zone.pk, notes=[note]).findings]


def test_a_checkpoint_is_a_note_that_says_origin_size_root_head_and_time(cast, key):
    fill(cast, 5)
    lines = checkpoint(cast).splitlines()
    chain = verify(zone_id=cast.zone.pk)
    assert lines[:2] == ["kaiyuan.example/journal/east", "5"]
    assert len(base64.b64decode(lines[2])) == 32
    assert lines[3] == f"head {Event.objects.get(sequence=5).hash}"
    assert lines[4:6] == ["time 2026-11-20T01:12:00.000000Z", ""]
    assert lines[6].startswith("— kaiyuan.example/journal/east ")
    assert (chain.counted, len(chain.notes), chain.notes[0].fits) == (6, 1, True)


def test_making_a_checkpoint_is_itself_an_event_that_carries_the_note_outside(cast, key):
    fill(cast, 3)
    note = checkpoint(cast)
    event = Event.objects.get(sequence=4)
    assert (event.type, event.subject, json.loads(event.payload)["note"]) == (
        "checkpoint.made",
        "checkpoint:3",
        note,
    )


def test_the_same_length_is_signed_once(cast, key):
    fill(cast, 3)
    verified = verify(zone_id=cast.zone.pk)
    for _ in range(2):
        make_checkpoint(by=cast.person("auditor"), verified=verified, at=AT)
    assert (Checkpoint.objects.count(), Event.objects.count()) == (1, 4)


def test_a_rewritten_chain_a_cut_end_and_a_branch_are_seen_by_a_note_kept_outside(cast, key):
    fill(cast, 8)
    note = checkpoint(cast)
    assert kinds(cast, note) == []
    own_the_database()
    sql("DELETE FROM journal_checkpoint")
    rewrite_from(cast, 3)
    assert verify(zone_id=cast.zone.pk).ok
    assert kinds(cast, note) == ["checkpoint"]
    cut_tail(cast, 5)
    assert verify(zone_id=cast.zone.pk).ok
    assert kinds(cast, note) == ["checkpoint"]
    fill(cast, 20)  # the branch grows past the checkpoint
    assert verify(zone_id=cast.zone.pk).ok
    assert kinds(cast, note) == ["checkpoint"]


def test_an_emptied_zone_is_seen_by_a_note_kept_outside(cast, key):
    fill(cast, 3)
    note = checkpoint(cast)
    own_the_database()
    for table in ("journal_checkpoint", "journal_event", "journal_chain"):
        sql(f"DELETE FROM {table}")
    result = verify(zone_id=cast.zone.pk, notes=[note])
    assert [each.kind for each in result.findings] == ["checkpoint"]
    assert result.findings[0].words.en.endswith("the end was cut off")


def test_a_note_in_the_database_that_was_changed_is_found(cast, key):
    fill(cast, 3)
    checkpoint(cast)
    own_the_database()
    sql("UPDATE journal_checkpoint SET head = root")
    assert [each.kind for each in verify(zone_id=cast.zone.pk).findings] == ["note"]
    sql("UPDATE journal_checkpoint SET note = replace(note, 'time 2026', 'time 2025')")
    assert [each.kind for each in verify(zone_id=cast.zone.pk).findings] == ["note"]


def test_nothing_is_signed_over_a_broken_or_an_empty_journal(cast, other_zone, key):
    fill(cast, 3)
    own_the_database()
    sql("UPDATE journal_event SET payload = '{}' WHERE sequence = 2")
    with pytest.raises(NotWhole, match="does not verify"):
        checkpoint(cast)
    with pytest.raises(NotWhole, match="empty journal"):
        checkpoint(other_zone)


def test_without_a_key_one_is_told_how_to_make_it(cast, settings, tmp_path):
    settings.CHECKPOINT_KEY = str(tmp_path / "none.pem")
    fill(cast, 1)
    with pytest.raises(NoKey, match="Make one with `kaiyuan journal key`"):
        checkpoint(cast)


def test_only_an_auditor_signs_and_records_a_verification(cast, key):
    fill(cast, 2)
    verified = verify(zone_id=cast.zone.pk)
    for role in ("officer", "supervisor", "administrator", "agent"):
        with pytest.raises(Absent):
            make_checkpoint(by=cast.person(role), verified=verified, at=AT)
        with pytest.raises(Absent):
            put_verification_down(by=cast.person(role), verified=verified, at=AT)
    event = put_verification_down(by=cast.person("auditor"), verified=verified, at=AT)
    assert json.loads(event.payload)["whole"] is True


def test_a_note_of_another_zone_or_of_a_stranger_proves_nothing_and_is_refused(cast, other_zone, key):
    fill(cast, 3)
    fill(other_zone, 3)
    with pytest.raises(NoteError, match="another journal"):
        verify(zone_id=cast.zone.pk, notes=[checkpoint(other_zone)])
    stranger = Ed25519PrivateKey.generate()
    forged = write_note(
        origin="kaiyuan.example/journal/east", size=3, root="00" * 32, head="00" * 32, at=AT, key=stranger
    )
    with pytest.raises(NoteError, match="not signed by a key that is trusted"):
        verify(zone_id=cast.zone.pk, notes=[forged])
    result = verify(zone_id=cast.zone.pk, notes=[forged], keys=[public_of(stranger)])
    assert [each.kind for each in result.findings] == ["checkpoint"]


def test_every_sign_of_a_note_is_signed(cast, key):
    fill(cast, 3)
    note = checkpoint(cast)
    chance = random.Random(3)
    for _ in range(2_000):
        place = chance.randrange(len(note.rstrip()))
        changed = note[:place] + chance.choice("09afXY+ \n") + note[place + 1 :]
        if changed != note and changed.rstrip() != note.rstrip():
            with pytest.raises(NoteError):
                read_note(changed, keys=trusted_keys())


def test_a_note_outlives_mail_programs_and_further_signatures(cast, key):
    fill(cast, 3)
    note = checkpoint(cast)
    witness = "— witness.example " + base64.b64encode(b"\x00" * 68).decode() + "\n"
    for shape in (note.replace("\n", "\r\n"), note.rstrip("\n"), "\n" + note, note + witness):
        assert read_note(shape, keys=trusted_keys()).size == 3


def test_the_published_note_and_key_of_the_format_are_read():
    known = verifier_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = (
        b"If you think cryptography is the answer to your problem,\n"
        b"then you don't know what your problem is.\n"
    )
    signature = base64.b64decode(
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    )
    assert known.signed(text, name="PeterNeumann", signature=signature)
    assert not known.signed(text + b" ", name="PeterNeumann", signature=signature)
    assert not known.signed(text, name="Somebody", signature=signature)
    assert known.written("PeterNeumann").endswith("+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    with pytest.raises(InputError, match="not a key for checkpoints"):
        verifier_key("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")


# The leaves and roots that the reference implementation of certificate transparency is tested with.
LEAVES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def test_the_tree_gives_the_published_roots():
    tree = Tree("sha256")
    assert tree.root() == hashlib.sha256(b"").digest()
    for leaf, root in zip(LEAVES, ROOTS, strict=True):
        tree.add(bytes.fromhex(leaf))
        assert tree.root().hex() == root


@pytest.mark.parametrize("algorithm", ["sha256", "sm3"])
def test_every_leaf_of_every_small_tree_proves_itself_and_nothing_else(algorithm):
    leaves = [bytes([number]) * 32 for number in range(40)]
    for size in (1, 2, 3, 7, 8, 9, 21, 40):
        tree = Tree(algorithm)
        for leaf in leaves[:size]:
            tree.add(leaf)
        for index in range(size):
            path = inclusion_proof(leaves, index=index, size=size, algorithm=algorithm)
            where = {"size": size, "root": tree.root(), "algorithm": algorithm}
            assert len(path) <= (size - 1).bit_length()
            assert is_included(leaves[index], path, index=index, **where)
            assert not is_included(leaves[index], path, index=index ^ 1, **where)
            assert not is_included(b"\xff" * 32, path, index=index, **where)
            assert not is_included(leaves[index], [*path, b"\x00" * 32], index=index, **where)
            if path:
                assert not is_included(leaves[index], path[:-1], index=index, **where)


def test_a_zone_may_choose_sm3_and_both_algorithms_stand_side_by_side(cast, other_zone, key, settings):
    fill(cast, 4)
    settings.JOURNAL_HASH = "sm3"
    fill(other_zone, 4)
    fill(cast, 2)  # a chain stays with the hash that it began with
    assert Chain.objects.get(zone=cast.zone).algorithm == "sha256"
    result = verify(zone_id=other_zone.zone.pk, notes=[checkpoint(other_zone)])
    assert (result.ok, result.algorithm) == (True, "sm3")
    assert verify(zone_id=cast.zone.pk).ok


def test_a_key_is_made_once_and_for_this_user_alone(tmp_path):
    path = tmp_path / "keys" / "key.pem"
    make_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(InputError, match="there is a key already"):
        make_key(path)


def test_events_after_a_checkpoint_leave_it_fitting(cast, key):
    fill(cast, 3)
    note = checkpoint(cast)
    fill(cast, 4)
    result = verify(zone_id=cast.zone.pk, notes=[note])
    assert result.ok
    assert [(each.note.size, each.outside, each.fits) for each in result.notes] == [
        (3, True, True),
        (3, False, True),
    ]
