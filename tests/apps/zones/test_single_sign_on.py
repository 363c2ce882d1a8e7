"""Single sign-on lets in whom an administrator has linked, and nobody else, whatever the issuer answers."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client, override_settings
from tests.apps.zones.issuer import CLIENT, SECRET, Issuer, serving

from kaiyuan.apps.zones.models import User
from kaiyuan.site import accounts

START, BACK = "/accounts/oidc/zone/login/", "/accounts/oidc/zone/login/callback/"


@pytest.fixture
def issuer():
    """Give an issuer that the site trusts."""
    cache.clear()
    with serving(Issuer()) as served:
        providers = accounts.single_sign_on(
            issuer=served.address, client=CLIENT, secret=SECRET, name="统一认证"
        )
        with override_settings(SOCIALACCOUNT_PROVIDERS=providers, ISSUER=served.address):
            yield served


@pytest.fixture
def linked(cast) -> User:
    """Give a user whom the issuer calls sub-1."""
    SocialAccount.objects.create(provider=accounts.SINGLE_SIGN_ON, uid="sub-1", user=cast.user("officer"))
    return cast.user("officer")


def begin(client: Client, issuer: Issuer) -> dict[str, str]:
    """Go to the issuer, who remembers what it was asked; give what it sends back by the browser."""
    there = client.post(START).url
    assert there.startswith(f"{issuer.address}/authorize?")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(there).query).items()}
    assert asked["client_id"] == CLIENT and asked["code_challenge_method"] == "S256"
    issuer.challenges["code-1"] = asked["code_challenge"]
    return {"code": "code-1", "state": asked["state"]}


def test_whom_an_administrator_has_linked_comes_in(issuer, linked):
    client = Client()
    assert "用统一认证登录" in client.get("/accounts/login/").content.decode()
    assert client.get(BACK, begin(client, issuer)).url == "/"
    assert client.get("/me/").context["person"].user_id == linked.pk


def test_who_is_not_linked_does_not_come_in_and_gets_no_account(issuer, cast):
    before = User.objects.count()
    client = Client()
    answer = client.get(BACK, begin(client, issuer), follow=True)
    assert "这里还没有你的账号" in answer.content.decode()
    assert client.get("/").url.startswith("/accounts/login/")
    assert User.objects.count() == before


def test_a_disabled_user_does_not_come_in_by_single_sign_on_either(issuer, linked):
    linked.is_active = False
    linked.save()
    client = Client()
    client.get(BACK, begin(client, issuer))
    assert client.get("/").url.startswith("/accounts/login/")


@pytest.mark.parametrize("state", ["", "forged"])
def test_an_answer_that_this_browser_did_not_ask_for_is_refused(issuer, linked, state):
    client = Client()
    answer = client.get(BACK, {**begin(client, issuer), "state": state})
    assert "统一认证没有成功" in answer.content.decode()
    assert client.get("/").url.startswith("/accounts/login/")


def test_an_answer_stolen_by_another_browser_is_refused(issuer, linked):
    mine, thief = Client(), Client()
    answer = thief.get(BACK, begin(mine, issuer))
    assert "统一认证没有成功" in answer.content.decode()
    assert thief.get("/").url.startswith("/accounts/login/")


@pytest.mark.parametrize(
    "said", [{"iss": "http://elsewhere.example"}, {"aud": "another-client"}, {"exp": 1_000_000_000}]
)
def test_a_token_for_somebody_else_or_an_old_one_is_refused(issuer, linked, said):
    issuer.says = said
    client = Client()
    assert "统一认证没有成功" in client.get(BACK, begin(client, issuer)).content.decode()
    assert client.get("/").url.startswith("/accounts/login/")


@pytest.mark.parametrize("place", ["/token", "/userinfo"])
def test_an_issuer_that_breaks_off_is_told_in_words(issuer, linked, place):
    issuer.fails_at = place
    client = Client()
    answer = client.get(BACK, begin(client, issuer))
    assert "统一认证没有成功" in answer.content.decode()
    assert client.get("/").url.startswith("/accounts/login/")


def test_an_issuer_that_does_not_answer_is_told_in_words(issuer, linked):
    issuer.fails_at = "/.well-known"
    client = Client()
    client.raise_request_exception = False
    answer = client.post(START)
    assert answer.status_code < 500
    assert "统一认证没有成功" in answer.content.decode()


def test_a_login_given_up_at_the_issuer_comes_back_to_a_page_that_says_so(issuer, linked):
    client = Client()
    sent = begin(client, issuer)
    answer = client.get(BACK, {"error": "access_denied", "state": sent["state"]}, follow=True)
    assert "登录已取消" in answer.content.decode()


def test_no_link_by_another_site_starts_a_login(issuer, linked):
    page = Client(enforce_csrf_checks=True).get(START)
    assert page.status_code == 200 and "继续" in page.content.decode()
    assert Client(enforce_csrf_checks=True).post(START).status_code == 403


def test_the_content_policy_lets_the_form_lead_to_the_issuer_alone():
    assert accounts.origin("https://sso.example:8443/realms/zone") == ["https://sso.example:8443"]
    assert (
        accounts.origin("") == [] and accounts.single_sign_on(issuer="", client="", secret="", name="") == {}
    )
