"""The settings of the site: one file for every installation; what differs comes from the environment (env.py)."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from kaiyuan.site import accounts, env
from kaiyuan.site.logs import logging_of
from kaiyuan.site.mail import mail_server
from kaiyuan.site.sqlite import OPTIONS, use_mended_sqlite

use_mended_sqlite()

MODE = env.choice("KAIYUAN_MODE", env.MODES)
DEMO, TEST, PRODUCTION = (each == MODE for each in env.MODES)
SITE = Path(__file__).resolve().parent
DATA = env.folder("KAIYUAN_DATA")
ADDRESS = env.read("KAIYUAN_ADDRESS").rstrip("/")
SECURE = ADDRESS.startswith("https://")
PACKS = env.words("KAIYUAN_PACKS")
WORKERS = env.whole("KAIYUAN_WORKERS")
JOURNAL_HASH = env.choice("KAIYUAN_JOURNAL_HASH", ("sha256", "sm3"))
CHECKPOINT_KEY = env.read("KAIYUAN_CHECKPOINT_KEY")
OUTBOX_EVERY = env.whole("KAIYUAN_OUTBOX_EVERY")

DEBUG = False
SECRET_KEY = env.read("KAIYUAN_SECRET_KEY")
if not SECRET_KEY and PRODUCTION:
    raise ImproperlyConfigured("KAIYUAN_SECRET_KEY is empty. Set it to 50 random characters or more")
if not SECRET_KEY:
    # Demonstration and tests on this machine only: stable for a folder, so that sessions outlive a restart.
    SECRET_KEY = "kaiyuan-demo-" + hashlib.sha256(str(DATA).encode()).hexdigest()
ALLOWED_HOSTS = env.words("KAIYUAN_HOSTS") + (["testserver"] if TEST else [])
CSRF_TRUSTED_ORIGINS = [ADDRESS] if SECURE else []

INSTALLED_APPS = [
    "kaiyuan.apps.zones",
    "kaiyuan.apps.journal",
    "kaiyuan.apps.people",
    "kaiyuan.apps.facts",
    "kaiyuan.apps.enterprises",
    "kaiyuan.apps.intake",
    "kaiyuan.site",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "ninja",
]
MIDDLEWARE = [
    "kaiyuan.site.requests.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "kaiyuan.apps.zones.access.PersonMiddleware",
]
ROOT_URLCONF = "kaiyuan.site.urls"
WSGI_APPLICATION = "kaiyuan.site.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SITE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kaiyuan.site.context.frame",
            ],
            "builtins": [
                f"kaiyuan.site.templatetags.{name}" for name in ("words", "figures", "parts", "charts")
            ]
            + ["kaiyuan.apps.journal.templatetags.writing"],
        },
    }
]

DATABASES = {
    "default": dj_database_url.parse(env.read("DATABASE_URL") or f"sqlite:///{DATA / 'site.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = OPTIONS
    DATABASES["default"]["TEST"] = {"NAME": DATA / "test.sqlite3"}  # a database in memory has other locks
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Failed logins are counted in the cache. With Django's 300 entries, guesses on 300 names would push each other out.
_ROOMY = {"OPTIONS": {"MAX_ENTRIES": 100_000}}
_MEMORY = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"} | _ROOMY
_TABLE = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kaiyuan_cache"} | _ROOMY
_REDIS = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env.read("KAIYUAN_CACHE_URL")}
CACHES = {"default": _REDIS if env.read("KAIYUAN_CACHE_URL") else _TABLE if WORKERS > 1 else _MEMORY}

AUTH_USER_MODEL = "zones.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "account_login", "/", "/"
ACCOUNT_ADAPTER = "kaiyuan.apps.zones.login.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ALLAUTH_TRUSTED_PROXY_COUNT = env.whole("KAIYUAN_PROXIES")
ACCOUNT_FORMS, MFA_FORMS = accounts.ACCOUNT_FORMS, accounts.MFA_FORMS
SINGLE_SIGN_ON = accounts.SINGLE_SIGN_ON
MFA_ADAPTER = "kaiyuan.apps.zones.login.SecondFactors"
MFA_TOTP_ISSUER = "Kaiyuan"
SOCIALACCOUNT_ADAPTER = "kaiyuan.apps.zones.login.OutsideAccounts"
ISSUER = env.read("KAIYUAN_OIDC_ISSUER")
SOCIALACCOUNT_PROVIDERS = accounts.single_sign_on(
    issuer=ISSUER,
    client=env.read("KAIYUAN_OIDC_CLIENT"),
    secret=env.read("KAIYUAN_OIDC_SECRET"),
    name=env.read("KAIYUAN_OIDC_NAME"),
)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
USERSESSIONS_TRACK_ACTIVITY = False
AUTH_PASSWORD_VALIDATORS = accounts.password_rules(env.choice("KAIYUAN_PASSWORDS", accounts.POLICIES))
if TEST:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_TZ, TIME_ZONE = True, "Asia/Shanghai"
STATIC_URL, STATIC_ROOT = "/static/", DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS, WHITENOISE_AUTOREFRESH = True, False
MEDIA_ROOT = DATA / "uploads"
DATA_UPLOAD_MAX_MEMORY_SIZE, DATA_UPLOAD_MAX_NUMBER_FIELDS = 2 * 2**20, 2000
FILE_UPLOAD_HANDLERS = ["kaiyuan.apps.intake.uploads.Bounded"]

_HERE_ONLY = {"default-src": [SELF], "img-src": [SELF, "data:"], "object-src": [NONE]}
# Logging in by single sign-on is a form whose answer leads to the issuer.
_NOTHING_ELSE = {
    "base-uri": [NONE],
    "form-action": [SELF, *accounts.origin(ISSUER)],
    "frame-ancestors": [NONE],
}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": _HERE_ONLY | _NOTHING_ELSE}
PERMISSIONS_POLICY = dict.fromkeys(("camera", "geolocation", "microphone", "payment", "usb"), ())
SECURE_CONTENT_TYPE_NOSNIFF, X_FRAME_OPTIONS = True, "DENY"
SECURE_REFERRER_POLICY, SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin", "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 63_072_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
COOKIE_PREFIX = "__Host-" if SECURE else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}session", f"{COOKIE_PREFIX}csrf"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE, SESSION_SAVE_EVERY_REQUEST = 8 * 3600, False
CSRF_FAILURE_VIEW = "kaiyuan.site.pages.refused_form"
SILENCED_SYSTEM_CHECKS: list[str] = []

DEFAULT_FROM_EMAIL = env.read("KAIYUAN_MAIL_FROM")
MAIL = mail_server(env.read("KAIYUAN_MAIL_URL"))
EMAIL_BACKEND, EMAIL_FILE_PATH = f"django.core.mail.backends.{MAIL.backend}.EmailBackend", DATA / "mail"
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.host, MAIL.port, MAIL.user, MAIL.password
EMAIL_USE_TLS, EMAIL_TIMEOUT = MAIL.tls, 20
LOGGING = logging_of(env.read("KAIYUAN_LOG_LEVEL"))
