"""The mail server, written as one address."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from kaiyuan.errors import InputError


class MailServer(NamedTuple):
    """Where mail goes: Django's backend, and the server if there is one."""

    backend: str
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    tls: bool = False


def mail_server(address: str) -> MailServer:
    """Read `smtp://user:password@host:port` (`smtps` for TLS); an empty address writes mail to files."""
    if not address:
        return MailServer("filebased")
    parts = urlsplit(address)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise InputError(
            "KAIYUAN_MAIL_URL is no mail server",
            remedy="Write smtp://user:password@host:port, or smtps:// for TLS",
        )
    tls = parts.scheme == "smtps"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer("smtp", parts.hostname, parts.port or (587 if tls else 25), user, password, tls)
