"""How a delivery goes out by mail: what happened in one line of each language, and where to read more."""

from __future__ import annotations

import json
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from kaiyuan.apps.journal.models import Event
from kaiyuan.apps.journal.outbox.envelope import OPEN_PAYLOADS, address_of, event_id
from kaiyuan.apps.zones.models import Zone


def mail(target: str, event: Event, *, zone: Zone) -> str:
    """Send one event to a mail address; give an empty text, or a short code of what was wrong."""
    said = event.words
    lines = [
        f"{zone.name_zh}：{said.zh}（{event.subject}，日志第 {event.sequence} 条）",
        f"{zone.name_en}: {said.en} ({event.subject}, No. {event.sequence} of the journal)",
        "",
        address_of(event),
    ]
    if event.type in OPEN_PAYLOADS:
        lines += ["", json.loads(event.payload)["note"]]
    host = urlsplit(settings.ADDRESS).hostname or "localhost"
    message = EmailMessage(
        subject=f"[开园] {said.zh} · {said.en} ({zone.code} {event.sequence})",
        body="\n".join(lines),
        to=[target],
        # The same id on every try: a mail program shows a repeated delivery once.
        headers={"Message-ID": f"<{event_id(event, zone.code)}@{host}>"},
    )
    try:
        message.send()
    except (SMTPException, OSError, ValueError):
        return "mail"
    return ""
