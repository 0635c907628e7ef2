"""Settings of Régie: everything a deployment may choose comes from the environment.

The database is ``DATABASE_URL``, or the embedded PostgreSQL of ``REGIE_HOME``; which role is
used is decided before Django starts (``regie.config.boot``).
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from regie.postgres.home import regie_home
from regie.postgres.urls import access

HOME = regie_home()
REGIE_DEMO = os.environ.get("REGIE_DEMO") == "1"
DEBUG = os.environ.get("REGIE_DEBUG") == "1"
SOURCE = Path(__file__).resolve().parent.parent


def _secret_key() -> str:
    """The signing key: given, or made once and kept beside the data."""
    if given := os.environ.get("REGIE_SECRET_KEY"):
        return given
    path = HOME / "secret_key"
    HOME.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text() or secrets.token_urlsafe(48)
    key = secrets.token_urlsafe(48)
    with os.fdopen(handle, "w") as file:
        file.write(key)
    return key


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("REGIE_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("REGIE_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_htmx",
    # Before allauth: its pages are shown with our templates.
    "regie.ui",
    "regie.web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "regie.apps.accounts",
    "regie.apps.audit",
    "regie.apps.notifications",
    "regie.apps.organisations",
    "regie.apps.access",
    "regie.apps.assets",
    "regie.apps.beneficiaries",
    "regie.apps.audiences",
    "regie.apps.requests",
    "regie.apps.tokens",
    "regie.apps.budgets",
    "regie.apps.connections",
    "regie.apps.dashboards",
    "regie.apps.attribution",
    "regie.apps.identity",
    "regie.apps.tracking",
    "regie.jobs",
]
MIDDLEWARE = [
    "regie.web.stack.one_piece",
    "regie.web.security.HeadersMiddleware",  # around all, so that refusals of the others have them
    "regie.api.problems.ProblemMiddleware",  # and around those that answer in pages
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # adds bytes at random: its length betrays no secret
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "regie.web.languages.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "regie.apps.access.middleware.ScopeMiddleware",
    "regie.web.arriving.ArrivalMiddleware",
    "regie.web.refusals.RefusalMiddleware",
]
ROOT_URLCONF = "regie.config.urls"
WSGI_APPLICATION = "regie.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "regie.web.context.shell",
            ]
        },
    }
]

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **access("owner" if os.environ.get("REGIE_DB_ROLE") == "owner" else "app").django(),
        "CONN_MAX_AGE": 0,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
}
if os.environ.get("REGIE_POOL") != "0":
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 16, "timeout": 20}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
     "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]  # fmt: skip
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "regie.apps.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {"signup": "regie.apps.accounts.forms.SignUp"}
# A link is sent to confirm the address. Where mail is set up, who signs up waits for it, so that
# signing up answers the same for a taken address and a free one. A server without mail yet lets
# people in at once, and thereby tells which addresses are taken: nobody asks for many of them.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if os.environ.get("REGIE_SMTP_HOST") else "optional"
ACCOUNT_PREVENT_ENUMERATION = True
# In the browser that signed up; in any other one signs in.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_SIGNUP_REDIRECT_URL = "/start/"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Régie – "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if os.environ.get("REGIE_HTTPS") == "1" else "http"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {"signup": "10/m/ip,50/d/ip"}
# Where people reach this server, for links in letters; else the address that was asked.
REGIE_ADDRESS = os.environ.get("REGIE_ADDRESS", "")
# Behind a proxy: the header in which it writes who asks. Its last entry counts.
REGIE_ADDRESS_HEADER = os.environ.get("REGIE_ADDRESS_HEADER", "")
REGIE_SIGN_UP = os.environ.get("REGIE_SIGN_UP", "1") == "1"
# Where the collector is reached by visitors: the beginning of every tracked link.
REGIE_COLLECTOR_URL = os.environ.get("REGIE_COLLECTOR_URL", "http://127.0.0.1:8001").rstrip("/")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

MFA_ADAPTER = "regie.apps.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Régie"
# Where no mail is sent no address can be confirmed, and a second factor is worth having there too.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Browsers offer passkeys over https, and on localhost without it.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = os.environ.get("REGIE_HTTPS") != "1"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = os.environ.get("REGIE_HTTPS") == "1"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# Messages are shown as our notices are: a kind for each level.
MESSAGE_TAGS = {20: "info", 25: "good", 30: "warning", 40: "bad"}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [SOURCE / "web" / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = None  # WhiteNoise serves the built files from where they are built
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FILES = 100
# A list of two thousand people has some fields for each; a form weighs 2.5 MB at most anyway.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("REGIE_SMTP_HOST", "127.0.0.1")
EMAIL_PORT = int(os.environ.get("REGIE_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("REGIE_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("REGIE_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("REGIE_SMTP_TLS") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("REGIE_MAIL_FROM", "regie@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("REGIE_LOG_LEVEL", "WARNING")},
}
