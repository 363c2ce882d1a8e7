"""The pages of one's own login: every one in both languages, with what it is for."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client
from tests.cast import PASSWORD

HAN = re.compile(r"[\u4e00-\u9fff]")
# Named in their own language wherever they stand, and data.
OWN_NAMES = re.compile(r'<[^>]*lang="zh-CN"[^>]*>[^<]*</|简体中文|东区[a-z_]*|科技部门')
SIGNED_IN = {
    "/me/": ("我的岗位", "My places"),
    "/accounts/password/change/": ("更改口令", "Change the password"),
    "/accounts/2fa/": ("第二重验证", "Second factor"),
    "/accounts/2fa/totp/activate/": ("启用验证器", "Begin with an authenticator app"),
    "/accounts/2fa/webauthn/": ("通行密钥", "Passkeys"),
    "/accounts/2fa/webauthn/add/": ("添加通行密钥", "Add a passkey"),
    "/accounts/sessions/": ("登录的设备", "Where you are logged in"),
    "/accounts/3rdparty/": ("统一认证账号", "Single sign-on"),
    "/accounts/logout/": ("退出登录？", "Log out?"),
    "/accounts/reauthenticate/": ("再确认一次是你", "Confirm that it is you"),
}
ANYBODY = {
    "/accounts/login/": ("登录", "Log in"),
    "/accounts/inactive/": ("这个账号已停用", "This account is not in use"),
    "/accounts/3rdparty/login/cancelled/": ("登录已取消", "Login given up"),
    "/accounts/3rdparty/login/error/": ("统一认证没有成功", "Single sign-on failed"),
    "/accounts/password/reset/key/1-x-y/": ("链接不能再用", "This link no longer works"),
    "/accounts/password/reset/key/done/": ("口令已设置", "The password is set"),
}


@pytest.fixture(autouse=True)
def _no_guesses_of_other_tests():
    cache.clear()


@pytest.fixture
def inside(cast) -> Client:
    """Give a browser that came in by password and has just given it again, so that grave pages ask nothing."""
    client = Client()
    client.post("/accounts/login/", {"login": "east-officer", "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def said(client: Client, address: str, language: str) -> str:
    return client.get(address, headers={"accept-language": language}).content.decode()


@pytest.mark.parametrize("address", SIGNED_IN)
def test_each_page_of_ones_own_login_is_there_in_both_languages(inside, address):
    zh, en = SIGNED_IN[address]
    assert zh in said(inside, address, "zh-hans")
    english = said(inside, address, "en")
    assert en in english
    assert not HAN.findall(OWN_NAMES.sub("", english))


@pytest.mark.parametrize("address", ANYBODY)
def test_each_page_before_login_is_there_in_both_languages(db, address):
    zh, en = ANYBODY[address]
    assert zh in said(Client(), address, "zh-hans")
    english = said(Client(), address, "en")
    assert en in english
    assert not HAN.findall(OWN_NAMES.sub("", english))


def test_a_second_factor_is_set_up_and_then_asked_for(inside):
    page = inside.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    wrong = inside.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert "验证码不对" in wrong.content.decode()
    assert inside.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}).status_code == 302
    codes = inside.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10
    cache.clear()

    fresh = Client()
    answer = fresh.post("/accounts/login/", {"login": "east-officer", "password": PASSWORD})
    assert answer.url == "/accounts/2fa/authenticate/"
    assert fresh.get("/").url.startswith("/accounts/login/"), "the password alone does not let in"
    assert "验证码不对" in fresh.post(answer.url, {"code": "abc"}).content.decode()
    assert fresh.post(answer.url, {"code": codes[0]}).url == "/"
    assert fresh.get("/").status_code == 200


def test_a_recovery_code_works_once(inside):
    inside.get("/accounts/2fa/totp/activate/")
    secret = inside.session["mfa.totp.secret"]
    inside.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    code = inside.get("/accounts/2fa/recovery-codes/").context["unused_codes"][0]
    answers = []
    for _ in range(2):
        cache.clear()
        fresh = Client()
        fresh.post("/accounts/login/", {"login": "east-officer", "password": PASSWORD})
        answers.append(fresh.post("/accounts/2fa/authenticate/", {"code": code}).status_code)
    assert answers == [302, 200]


def test_a_grave_page_asks_for_the_password_again_after_a_while(inside):
    session = inside.session
    for method in session["account_authentication_methods"]:
        method["at"] -= 3600
    session.save()
    assert inside.get("/accounts/2fa/totp/activate/").url.startswith("/accounts/reauthenticate/")


def test_a_new_password_is_checked_and_said_in_the_readers_language(inside):
    def change(new: str) -> str:
        return inside.post(
            "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
        )

    assert "12" in change("short").content.decode()
    assert "password1" in change("east-officer-1").context["form"].errors
    assert change("another quiet passphrase").status_code == 302
    assert "口令已更改" in inside.get("/me/").content.decode()
