"""The settings, the keys, the people and the packs of an installation."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.db import connection
from django.db.utils import Error as DatabaseError

from kaiyuan.apps.zones.models import Membership, Zone
from kaiyuan.errors import KaiyuanError
from kaiyuan.packs.loading import load
from kaiyuan.sheets.wording import Wording
from kaiyuan.site.doctor.finding import Finding, good, look, unsafe

SHORTEST_KEY = 50


def mode() -> Iterator[Finding]:
    """Look at the mode, and at a demonstration that others can reach."""
    host = urlsplit(settings.ADDRESS).hostname or ""
    if settings.DEBUG:
        yield Finding(
            "unsafe", "mode", Wording("DEBUG 已打开", "DEBUG is on"), Wording("关闭 DEBUG", "Turn it off")
        )
    elif settings.DEMO and host not in {"127.0.0.1", "localhost", "::1"}:
        yield Finding(
            "unsafe",
            "mode",
            Wording(
                f"演示站点在 {host} 上可被他人进入", f"a demonstration can be entered by others at {host}"
            ),
            Wording("设 KAIYUAN_MODE=production", "Set KAIYUAN_MODE=production"),
        )
    else:
        yield good("mode", settings.MODE, settings.MODE)


def secret_key() -> Iterator[Finding]:
    """Look at the key that signs sessions and links."""
    key = settings.SECRET_KEY
    if len(key) < SHORTEST_KEY or len(set(key)) < 10 or key.startswith("kaiyuan-demo-"):
        yield unsafe(
            "secret key",
            ("签名密钥太短、太单调，或是演示用的", "the key is short, plain, or that of a demonstration"),
            (
                "把 KAIYUAN_SECRET_KEY 设为 50 个以上随机字符",
                "Set KAIYUAN_SECRET_KEY to 50 random characters or more",
            ),
        )
    else:
        yield good("secret key", f"{len(key)} 个字符", f"{len(key)} characters")


def address() -> Iterator[Finding]:
    """Look at the site's own address and at the hosts it answers for."""
    host = urlsplit(settings.ADDRESS).hostname or ""
    if not settings.SECURE:
        yield unsafe(
            "address",
            (f"{settings.ADDRESS} 不是 https", f"{settings.ADDRESS} is not https"),
            ("把 KAIYUAN_ADDRESS 设为 https:// 地址", "Set KAIYUAN_ADDRESS to an https:// address"),
        )
    elif "*" in settings.ALLOWED_HOSTS or host not in settings.ALLOWED_HOSTS:
        yield unsafe(
            "address",
            (f"KAIYUAN_HOSTS 是 * 或不含 {host}", f"KAIYUAN_HOSTS is * or lacks {host}"),
            (f"把 KAIYUAN_HOSTS 设为 {host}", f"Set KAIYUAN_HOSTS to {host}"),
        )
    else:
        yield good("address", settings.ADDRESS, settings.ADDRESS)
    if settings.SECURE and not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        yield look(
            "proxies",
            (
                "所有来访者可能共用一个地址，登录限速会互相牵连",
                "visitors may all seem to come from one address, and share its limits",
            ),
            (
                "把 KAIYUAN_PROXIES 设为前面代理的层数",
                "Set KAIYUAN_PROXIES to the number of proxies in front",
            ),
        )


def deployment() -> Iterator[Finding]:
    """Ask Django's own checks for deployment."""
    found = [
        message
        for message in checks.run_checks(include_deployment_checks=True)
        if message.level >= checks.WARNING and not message.is_silenced()
    ]
    for message in found:
        words = message.msg.split(". ")[0]
        yield unsafe(message.id or "check", (words, words), (message.hint or "",) * 2)
    if not found:
        yield good("django check --deploy", "没有问题", "nothing found")


def data_folder() -> Iterator[Finding]:
    """Look who else on this machine may read the data folder and the key that signs checkpoints."""
    for name, path in (
        ("data folder", settings.DATA),
        ("checkpoint key", Path(settings.CHECKPOINT_KEY or "-")),
    ):
        if path.exists():
            rights = path.stat().st_mode & 0o777
            if rights & 0o007:
                yield look(
                    name,
                    (f"{path} 其他用户可以进入（{rights:o}）", f"{path} is open to other users ({rights:o})"),
                    (f"运行 chmod o-rwx {path}", f"Run chmod o-rwx {path}"),
                )
            else:
                yield good(name, f"{path}（{rights:o}）", f"{path} ({rights:o})")


def demonstration() -> Iterator[Finding]:
    """Look for zones of a demonstration, whose people have logins that are printed."""
    try:
        codes = list(Zone.objects.filter(demo=True).values_list("code", flat=True))
    except DatabaseError:
        return
    if codes:
        listed = ", ".join(codes)
        yield unsafe(
            "demo zones",
            (f"数据库里有演示园区：{listed}", f"the database holds zones of a demonstration: {listed}"),
            ("正式环境用一个新的数据库", "Begin production with a fresh database"),
        )


def second_factors() -> Iterator[Finding]:
    """Count the administrators and auditors whose password alone lets in."""
    try:
        users = Membership.objects.filter(
            role__in=("administrator", "auditor"), ends_on=None, user__is_active=True
        )
        bare = users.filter(user__authenticator=None).values("user_id").distinct().count()
    except DatabaseError:
        return
    if bare:
        yield look(
            "second factor",
            (
                f"{bare} 位管理员或审计人员只用口令登录",
                f"{bare} administrators or auditors log in by password alone",
            ),
            ("请他们在“我的”页面启用第二重验证", "Have them set one up on the page about themselves"),
        )


def packs() -> Iterator[Finding]:
    """Look whether the packs of rules hold together."""
    try:
        rules = load(tuple(settings.PACKS)).rules
    except KaiyuanError as error:
        yield unsafe("packs", (str(error),) * 2, ("检查 KAIYUAN_PACKS", "Check KAIYUAN_PACKS"))
    else:
        yield good(
            "packs", "、".join(settings.PACKS), f"{', '.join(settings.PACKS)}; {len(rules.facts)} facts"
        )


def extras() -> Iterator[Finding]:
    """Look for libraries that are there only if they were asked for."""
    for name, used in (("adbc_driver_sqlite", "SQLite"), ("adbc_driver_postgresql", "PostgreSQL")):
        if used.lower() == connection.vendor:
            try:
                import_module(name)
            except ImportError:
                yield look(
                    name,
                    ("没有安装，读取较慢", "not installed; reading is slower"),
                    (f"pip install {name}",) * 2,
                )
