"""Acts on members and keys: each one transaction and one event of the journal.

An event names a person by the user name only; the full name and what opens anything never go into the journal.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction

from kaiyuan.apps.journal.actions import record
from kaiyuan.apps.journal.writes import Change, Conflict
from kaiyuan.apps.people import queries
from kaiyuan.apps.zones.keys import SCOPES, new_key
from kaiyuan.apps.zones.models import ApiKey, Membership, User
from kaiyuan.apps.zones.rights import ADMINISTRATOR, AGENT, OFFICER, Absent, Person, require
from kaiyuan.errors import KaiyuanError
from kaiyuan.sheets.wording import Wording

LONGEST_KEY = 365
"""Days that a key may live at most."""


class Unusable(KaiyuanError):
    """A value that an act cannot take; `field` and `said` put it beside its field in both languages."""

    def __init__(self, field: str, said: Wording) -> None:
        super().__init__(f"{field}: {said.en}")
        self.field = field
        self.said = said


def username_of(*, by: Person, name: str) -> str:
    """Give the user name that a new member gets: the zone's code stands before it, so that zones never meet in one."""
    return f"{by.zone_code}.{name}"


def invite(
    *,
    by: Person,
    name: str,
    full_name: str,
    role: str,
    starts_on: date,
    at: datetime,
    department_id: int | None = None,
    subject: str = "",
    ends_on: date | None = None,
    sign_on: str = "",
    key: str = "",
) -> Membership:
    """Make a user without a password and give them a place; raises Unusable for a name that is taken.

    They come in by a link for a first password (`make_link`), or by single sign-on if `sign_on`, their id at the
    issuer, is given.
    """
    require(by, "member.write")
    username = username_of(by=by, name=name)
    with transaction.atomic():
        if User.objects.filter(username=username).exists():
            raise Unusable("name", Wording("这个用户名已经有人用。", "This user name is taken."))
        user = User(username=username, full_name=full_name)
        user.set_unusable_password()
        user.save()
        if sign_on:
            _link_sign_on(user, sign_on)
        return _placed(
            by=by,
            user=user,
            role=role,
            department_id=department_id,
            subject=subject,
            starts_on=starts_on,
            ends_on=ends_on,
            at=at,
            event="member.invited",
            key=key,
        )


def give_place(
    *,
    by: Person,
    membership_id: int,
    role: str,
    starts_on: date,
    at: datetime,
    department_id: int | None = None,
    subject: str = "",
    ends_on: date | None = None,
    key: str = "",
) -> Membership:
    """Give a member of the zone another place in it; one that has ended begins again. Raises Absent, Unusable."""
    require(by, "member.write")
    known = queries.member(by=by, membership_id=membership_id)
    with transaction.atomic():
        return _placed(
            by=by,
            user=known.user,
            role=role,
            department_id=department_id,
            subject=subject,
            starts_on=starts_on,
            ends_on=ends_on,
            at=at,
            event="member.place_given",
            key=key,
        )


def _placed(
    *,
    by: Person,
    user: User,
    role: str,
    department_id: int | None,
    subject: str,
    starts_on: date,
    ends_on: date | None,
    at: datetime,
    event: str,
    key: str,
) -> Membership:
    if role == AGENT and not subject:
        raise Unusable("subject", Wording("企业专员要写企业的信用代码。", "An agent acts for an enterprise."))
    if role == OFFICER and department_id is None:
        raise Unusable("department", Wording("业务人员要有所属部门。", "An officer belongs to a department."))
    if department_id is not None and not queries.departments(by=by).filter(pk=department_id).exists():
        raise Absent("not found")
    place, fresh = Membership.objects.get_or_create(
        user=user,
        zone_id=by.zone_id,
        role=role,
        subject=subject if role == AGENT else "",
        defaults={
            "department_id": department_id if role == OFFICER else None,
            "starts_on": starts_on,
            "ends_on": ends_on,
        },
    )
    if not fresh:
        if place.ends_on is None or place.ends_on >= starts_on:
            raise Unusable("role", Wording("已经有这个岗位。", "They have this place already."))
        place.department_id = department_id if role == OFFICER else None
        place.starts_on, place.ends_on = starts_on, ends_on
        place.save()
    record(
        by=by,
        type=event,
        subject=f"membership:{place.pk}",
        at=at,
        payload={
            "username": user.username,
            "role": role,
            "department": place.department.code if place.department is not None else None,
            "enterprise": place.subject or None,
            "starts_on": starts_on,
            "ends_on": ends_on,
        },
        key=key,
    )
    return place


def _link_sign_on(user: User, uid: str) -> None:
    _, fresh = SocialAccount.objects.get_or_create(
        provider=settings.SINGLE_SIGN_ON, uid=uid, defaults={"user": user}
    )
    if not fresh:
        raise Unusable("sign_on", Wording("这个编号不能使用。", "This id cannot be used."))


def end(
    *, by: Person, membership_id: int, last_day: date, reason: str, at: datetime, key: str = ""
) -> Membership:
    """End a member's place after a last day; its keys end with it.

    Raises Conflict if somebody has ended it already, or if it is the zone's last administrator.
    """
    require(by, "member.write")
    queries.member(by=by, membership_id=membership_id)
    with transaction.atomic():
        # The zone's administrators are locked in one order, so that two of them cannot end each other at once.
        places = {
            each.pk: each
            for each in Membership.objects.select_for_update()
            .filter(zone_id=by.zone_id, role=ADMINISTRATOR)
            .order_by("pk")
        }
        place = places.get(membership_id) or Membership.objects.select_for_update().get(
            zone_id=by.zone_id, pk=membership_id
        )
        if place.ends_on is not None:
            raise Conflict(
                Wording(
                    f"这个岗位已定于 {place.ends_on} 结束",
                    f"this place already ends on {place.ends_on}",
                ),
                changes=[
                    Change("ends_on", Wording("最后一天", "Last day"), place.ends_on.isoformat()),
                ],
            )
        others = [
            each
            for each in places.values()
            if each.pk != place.pk
            and each.starts_on <= last_day + timedelta(days=1)
            and (each.ends_on is None or each.ends_on > last_day)
        ]
        if place.role == ADMINISTRATOR and not others:
            raise Conflict(
                Wording(
                    "这是本园区最后一位管理员，先请另一位就任",
                    "this is the zone's last administrator; appoint another one first",
                )
            )
        place.ends_on = last_day
        place.save(update_fields=["ends_on"])
        record(
            by=by,
            type="member.ended",
            subject=f"membership:{place.pk}",
            at=at,
            payload={"last_day": last_day, "reason": reason},
            key=key,
        )
    return place


def make_link(*, by: Person, membership_id: int, at: datetime, key: str = "") -> User:
    """Put down that a link for a new password is made for a member, and give the user it is for.

    The link itself is made where it is shown, and kept nowhere. Raises Conflict for a login that another zone shares:
    who could set its password could act there.
    """
    require(by, "member.write")
    place = queries.member(by=by, membership_id=membership_id)
    if not queries.is_ours_alone(by=by, user_id=place.user_id):
        raise Conflict(
            Wording(
                "这个账号由本站的运维人员管理，请与其联系",
                "this login is managed by those who run the site; ask them",
            )
        )
    with transaction.atomic():
        record(
            by=by,
            type="member.link_made",
            subject=f"membership:{place.pk}",
            at=at,
            payload={"username": place.user.username},
            key=key,
        )
    return place.user


def make_key(
    *, by: Person, name: str, scopes: frozenset[str], days: int, at: datetime, key: str = ""
) -> tuple[ApiKey, str]:
    """Make a key for a machine that acts in the person's own place; gives it with its text, which is shown once.

    Raises Unusable for scopes that are not there and for more than `LONGEST_KEY` days.
    """
    require(by, "api_key.own")
    if not scopes or scopes - set(SCOPES):
        raise Unusable("scopes", Wording("请选择范围。", "Choose what the key may do."))
    if not 1 <= days <= LONGEST_KEY:
        raise Unusable("days", Wording("1 到 365 天。", "1 to 365 days."))
    new = new_key()
    with transaction.atomic():
        made = ApiKey.objects.create(
            membership_id=by.membership_id,
            name=name,
            prefix=new.prefix,
            digest=new.digest,
            scopes=",".join(scope for scope in SCOPES if scope in scopes),
            created_at=at,
            expires_at=at + timedelta(days=days),
        )
        record(
            by=by,
            type="api_key.made",
            subject=f"api_key:{made.prefix}",
            at=at,
            payload={"name": name, "scopes": made.scopes, "expires_at": made.expires_at},
            key=key,
        )
    return made, new.text


def revoke_key(*, by: Person, key_id: int, at: datetime, key: str = "") -> ApiKey:
    """End one of the person's own keys at once. Raises Absent, and Conflict if it is revoked already."""
    require(by, "api_key.own")
    with transaction.atomic():
        found = (
            ApiKey.objects.select_for_update()
            .filter(pk=key_id, membership_id=by.membership_id, membership__zone_id=by.zone_id)
            .first()
        )
        if found is None:
            raise Absent("not found")
        if found.revoked_at is not None:
            raise Conflict(Wording("这个密钥已经停用", "this key is revoked already"))
        found.revoked_at = at
        found.save(update_fields=["revoked_at"])
        record(
            by=by,
            type="api_key.revoked",
            subject=f"api_key:{found.prefix}",
            at=at,
            payload={"name": found.name},
            key=key,
        )
    return found
