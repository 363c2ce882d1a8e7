"""A key speaks for a place, within its scopes, while both last."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.cast import AT, ON

from kaiyuan.apps.zones.keys import NewKey, new_key, person_of_key
from kaiyuan.apps.zones.models import ApiKey


@pytest.fixture
def key(cast) -> NewKey:
    made = new_key()
    ApiKey.objects.create(
        membership=cast.people["officer"],
        name="feed",
        prefix=made.prefix,
        digest=made.digest,
        scopes="read, write",
        created_at=AT,
        expires_at=AT + timedelta(days=90),
    )
    return made


def whose(text: str, *, at=AT, on=ON):
    return person_of_key(text=text, at=at, on=on)


def test_a_key_speaks_for_its_place_and_the_journal_tells_it_from_the_person(cast, key):
    found, person = whose(key.text), cast.person("officer")
    assert (found.membership_id, found.zone_id, found.role) == (
        person.membership_id,
        person.zone_id,
        "officer",
    )
    assert (found.actor, found.scopes) == (f"key:{key.prefix}", {"read", "write"})


def test_a_key_never_has_a_scope_that_was_not_given(key):
    ApiKey.objects.update(scopes="read,admin")
    assert whose(key.text).scopes == {"read"}


def test_only_a_digest_is_kept(key):
    assert key.text.split("_", 2)[2] not in repr(list(ApiKey.objects.values()))
    assert whose(f"ky_{key.prefix}_{key.digest[:43]}") is None


@pytest.mark.parametrize("text", ["", "ky_", "ky_AAAAAAAA_" + "x" * 43, "x" * 10_000, "键"])
def test_what_is_no_key_speaks_for_nobody(key, text):
    assert whose(text) is None


def test_one_wrong_letter_speaks_for_nobody(key):
    assert whose(key.text[:-1] + ("A" if key.text[-1] != "A" else "B")) is None


def test_a_key_ends_with_its_day_its_revocation_its_place_and_its_user(cast, key):
    place = cast.people["officer"]
    assert whose(key.text, at=AT + timedelta(days=90)) is None
    ApiKey.objects.update(revoked_at=AT)
    assert whose(key.text) is None
    ApiKey.objects.update(revoked_at=None)
    place.ends_on = date(2026, 11, 19)
    place.save()
    assert whose(key.text) is None
    place.ends_on = None
    place.save()
    assert whose(key.text) is not None
    place.user.is_active = False
    place.user.save()
    assert whose(key.text) is None
