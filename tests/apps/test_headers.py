"""What every answer carries, whatever it answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from tests.apps.access import addresses

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
PLAIN_ADDRESSES = sorted(address for address in addresses() if "<" not in address)


def test_every_answer_carries_the_headers_that_keep_a_browser_safe(cast, client_of):
    auditor = client_of(cast, "auditor")
    for address in [*PLAIN_ADDRESSES, "/no-such-page/"]:
        answer = auditor.get(address)
        for name, value in ALWAYS.items():
            assert answer[name] == value, (address, name)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy, address
        assert "frame-ancestors 'none'" in policy and "camera=()" in answer["Permissions-Policy"]


def test_what_a_person_sees_is_kept_by_no_cache(cast, client_of):
    auditor = client_of(cast, "auditor")
    for address in ("/", "/me/", "/people/", "/me/keys/", "/journal/", "/admin/zones/user/"):
        assert "no-store" in auditor.get(address)["Cache-Control"], address


LIVE = """
import json, sys, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.test import Client
from django.contrib.auth import get_user_model
get_user_model().objects.create_user("someone", password="a long and quiet passphrase")
from datetime import date
from kaiyuan.apps.zones.models import Membership, Zone
zone = Zone.objects.create(code="east", name_zh="x", name_en="x")
Membership.objects.create(user=get_user_model().objects.get(), zone=zone, role="auditor", starts_on=date(2026, 1, 1))
client = Client(headers={"host": "zone.example", "x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.1"})
client.get("/accounts/login/", secure=True)
client.post("/accounts/login/", {"login": "someone", "password": "a long and quiet passphrase"}, secure=True)
client.post("/me/display", {"language": "en", "text": "large", "colours": "light"}, secure=True)
answer = client.get("/me/", secure=True)
plain = Client(headers={"host": "zone.example"}).get("/me/")
print(json.dumps({
    "status": answer.status_code,
    "headers": dict(answer.items()),
    "cookies": {
        name: [bool(each["secure"]), bool(each["httponly"]), each["samesite"], each["path"], each["domain"]]
        for name, each in client.cookies.items()
    },
    "plain": [plain.status_code, plain.get("Location", "")],
}))
"""


@pytest.mark.slow
def test_in_production_all_goes_by_tls_and_cookies_are_of_this_host_alone(tmp_path):
    live = {
        "KAIYUAN_MODE": "production",
        "KAIYUAN_DATA": str(tmp_path / "site"),
        "KAIYUAN_ADDRESS": "https://zone.example",
        "KAIYUAN_HOSTS": "zone.example",
        "KAIYUAN_PROXIES": "1",
        "KAIYUAN_SECRET_KEY": "abcdefghijklmnopqrstuvwxyz0123456789" * 2,
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "kaiyuan.site.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", LIVE],
        env={**os.environ, **live},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["status"] == 200
    policy = seen["headers"]["Strict-Transport-Security"]
    assert int(policy.split(";")[0].split("=")[1]) >= 31_536_000 and "includeSubDomains" in policy
    assert seen["plain"] == [301, "https://zone.example/me/"]
    assert {"__Host-session", "__Host-csrf", "__Host-language"} <= set(seen["cookies"])
    for name, (secure, http_only, same_site, path, domain) in seen["cookies"].items():
        assert name.startswith("__Host-"), name
        assert (secure, http_only, same_site, path, domain) == (True, True, "Lax", "/", ""), name
