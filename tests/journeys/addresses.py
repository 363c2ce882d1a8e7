"""Every page of the site, with the person of the demonstration who looks at it.

A page without a line here fails tests/journeys/test_accessibility.py. What stands in braces is looked up in the
demonstration's database by the query of the same name.
"""

from __future__ import annotations

QUERIES = {
    "firm": "SELECT subject FROM zones_membership WHERE role = 'agent' ORDER BY id LIMIT 1",
    "member": "SELECT id FROM zones_membership WHERE role = 'officer' ORDER BY id LIMIT 1",
}

PAGES: tuple[tuple[str, str | None, str], ...] = (
    # (name of the address, who looks, address)
    ("account_login", None, "/accounts/login/"),
    ("site:home", "agent", "/"),
    ("site:home", "officer", "/"),
    ("site:home", "supervisor", "/"),
    ("site:home", "auditor", "/"),
    ("site:home", "editor", "/"),
    ("site:home", "admin", "/"),
    ("site:components", "officer", "/dev/components/"),
    ("404", "officer", "/nothing/here/"),
    ("404", None, "/nothing/here/"),
    ("zones:me", "officer", "/me/"),
    ("account_change_password", "officer", "/accounts/password/change/"),
    ("mfa_index", "officer", "/accounts/2fa/"),
    ("usersessions_list", "officer", "/accounts/sessions/"),
    ("account_logout", "officer", "/accounts/logout/"),
    ("account_inactive", None, "/accounts/inactive/"),
    ("mfa_activate_totp", "officer", "/accounts/2fa/totp/activate/"),
    ("mfa_add_webauthn", "officer", "/accounts/2fa/webauthn/add/"),
    ("mfa_list_webauthn", "officer", "/accounts/2fa/webauthn/"),
    ("mfa_generate_recovery_codes", "officer", "/accounts/2fa/recovery-codes/generate/"),
    ("socialaccount_login_cancelled", None, "/accounts/3rdparty/login/cancelled/"),
    ("socialaccount_login_error", None, "/accounts/3rdparty/login/error/"),
    ("site:api_docs", None, "/api/v1/docs/"),
    ("people:give_place", "admin", "/people/{member}/place/"),
    ("people:members", "admin", "/people/"),
    ("people:invite", "admin", "/people/new/"),
    ("people:member", "admin", "/people/{member}/"),
    ("people:api_keys", "officer", "/me/keys/"),
    ("enterprises:list", "officer", "/enterprises/"),
    ("enterprises:list", "auditor", "/enterprises/?assessment=little_giant&answer=near&sort=-near"),
    ("enterprises:file", "officer", "/enterprises/{firm}/"),
    ("enterprises:my_file", "agent", "/my/file/"),
    ("enterprises:note", "officer", "/enterprises/{firm}/note/"),
    ("enterprises:timeline", "officer", "/enterprises/{firm}/timeline/"),
    ("enterprises:fact", "officer", "/enterprises/{firm}/facts/revenue/"),
    ("enterprises:fact", "agent", "/enterprises/{firm}/facts/revenue/"),
    ("enterprises:entitlements", "officer", "/enterprises/{firm}/entitlements/"),
    ("enterprises:entitlements", "editor", "/enterprises/{firm}/entitlements/"),
    ("enterprises:mine", "agent", "/my/"),
    ("enterprises:reasons", "agent", "/enterprises/{firm}/entitlements/little_giant/"),
    ("enterprises:reasons", "agent", "/enterprises/{firm}/entitlements/hnte/"),
    ("enterprises:reasons", "officer", "/enterprises/{firm}/entitlements/sme_size/"),
    ("enterprises:search", "officer", "/search/?q=sl"),
    ("enterprises:search", "officer", "/search/"),
    ("enterprises:runs", "officer", "/runs/"),
    ("enterprises:rules", "editor", "/rules/"),
    ("enterprises:rule", "agent", "/rules/national.cultivation_2026/"),
    ("enterprises:rule", "editor", "/rules/demo.rd_subsidy/"),
)

NOT_PAGES = {
    "site:health": "for machines",
    "site:ready": "for machines",
    "site:display": "takes a choice, shows nothing",
    "account_reauthenticate": "needs a password; tests/apps/zones/test_account_pages.py",
    "account_set_password": "for a login from outside without a password; the same form as the change of one",
    "account_reset_password_from_key": "needs a link for one person; tests/apps/zones/test_account_pages.py",
    "account_reset_password_from_key_done": "follows the page above",
    "mfa_authenticate": "between password and second factor; tests/apps/zones/test_account_pages.py",
    "mfa_reauthenticate": "needs a second factor; tests/apps/zones/test_account_pages.py",
    "mfa_reauthenticate_webauthn": "needs a passkey",
    "mfa_deactivate_totp": "needs a second factor",
    "mfa_edit_webauthn": "needs a passkey",
    "mfa_remove_webauthn": "needs a passkey",
    "mfa_view_recovery_codes": "needs recovery codes",
    "mfa_download_recovery_codes": "a file",
    "mfa_login_webauthn": "for the script of the login page",
    "openid_connect_login": "goes to the issuer",
    "openid_connect_callback": "comes from the issuer",
    "socialaccount_connections": "only with an issuer",
    "socialaccount_signup": "nobody signs up by themselves",
    "enterprises:export": "a file",
    "people:end": "ends a place, shows nothing",
    "people:link": "makes a link, shown by the page of the person",
    "people:revoke_key": "ends a key, shows nothing",
    "zones:place": "takes a choice, shows nothing",
    "zones:demo_enter": "lets in, shows nothing",
}
"""Addresses that show no page of their own, and why."""
