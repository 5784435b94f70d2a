"""What is the same everywhere. Only `config.env` reads the environment; dev, test and prod say what differs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import env, logs, redis_url
from config.settings.api_schema import SPECTACULAR_SETTINGS  # noqa: F401 - a setting
from config.settings.schedule import BEAT_SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = env.private_directory(Path(env.text("DATA_DIR") or BASE_DIR / "var").absolute())

# --- The service -----------------------------------------------------------------------------------------------------

SERVICE_NAME = env.text("SERVICE_NAME", "Protective security certificates")
SITE_URL = env.text("SITE_URL", f"http://127.0.0.1:{env.number('PORT', 8000)}").rstrip("/")
# Whom people write to about the service, shown on its pages; empty: the police force that they deal with.
CONTACT_EMAIL = env.text("CONTACT_EMAIL")
# Builds the navigation bar and the footer (core.govuk.context asks for it, because the floor knows no app).
LAYOUT = "config.layout.build"
# Under which the public register may be used by anybody, and what its data do not say.
OPEN_DATA_LICENCE = {
    "name": "Open Government Licence v3.0",
    "url": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}
OPEN_DATA_NOTE = (
    "Certificates of a voluntary police scheme; not proof of compliance with the Terrorism (Protection of Premises) Act "
    "2025. Sites whose holders asked to be kept off the register are not in it. Check a certificate before relying on it."
)
# What keeps a subject out of the archive and in its police area: the events below know no plan (docs/adr/0009).
SUBJECT_HOLD = "certification.selectors.holds.hold_on"
# What the apps above the plans add to the demonstration: functions of its people and of how to say what was built.
DEMO_BUILDERS = ["advisories.demo.building.build"]
# What keeps a subject with its organisation.
SUBJECT_HANDOVER_HOLD = "certification.selectors.holds.hold_on_handover"
# How long one officer's urgent suspension lasts without a second one's word.
URGENT_SUSPENSION = timedelta(hours=48)
# What advisories say on a plan's page and on the first page: certification below knows no advisory.
PLAN_EXTRAS = "advisories.selectors.plan_extras.for_plan"
HOME_NOTES = "advisories.selectors.home.notes_for"
# From which severity on (in the words of CAP 1.2) a second person approves an advisory before it goes out.
ADVISORY_APPROVAL_SEVERITY = "Severe"
# What stands beside a criterion when a plan is written or reviewed: lessons, which certification does not know.
CRITERION_EXTRAS = "advisories.selectors.lessons.for_criterion"
# Sample sign-ins, the page of sent mail, the demonstration scanner. Production refuses it.
DEMO = False
DEBUG = False
# clamd://host:3310 or clamd:///path/to/socket. Without it evidence is held as not scanned.
CLAMD_URL = env.text("CLAMD_URL")
MAX_UPLOAD_BYTES = 25 * 1024 * 1024
# Hours that the holders of a zone have to confirm when its response level moves.
THREAT_RESPONSE_HOURS = env.number("THREAT_RESPONSE_HOURS", 24)
THREAT_EXCEPTIONAL_HOURS = env.number("THREAT_EXCEPTIONAL_HOURS", 4)
# Touched by a living worker, for a container's health check.
ALIVE_FILE = env.text("ALIVE_FILE")
# Reverse proxies in front of the service whose X-Forwarded-For entry is believed; 0 believes none.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)

# --- Django ----------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "core",
    "accounts",
    "events",
    "certification",
    "advisories",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "drf_spectacular",
    "rest_framework",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "core.http.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.http.middleware.PrivatePagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    # LocaleMiddleware takes its place with the Welsh catalogue: before that it would serve Django's own Welsh in English
    # pages.
    "core.http.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.RequireSecondFactor",
    "django_htmx.middleware.HtmxMiddleware",
    "core.http.errors.NotAllowedMiddleware",
    "core.http.errors.DomainErrorMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "core.govuk.forms.GovukRenderer"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.govuk.context.layout",
            ],
        },
    },
]

DATABASES = {"default": env.database(env.text("DATABASE_URL"), data_dir=DATA_DIR)}
# A request holds no transaction: services open their own, short, so that SQLite's one writer is never kept waiting.
ATOMIC_REQUESTS = False

REDIS_URL = env.text("REDIS_URL") or f"unix://{redis_url.socket_path(DATA_DIR)}"
_redis = redis_url.urls(REDIS_URL)

CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "core.http.cache.FailsafeRedisCache",
        # A managed server with a single database needs another one here: clearing the cache flushes its database.
        "LOCATION": env.text("CACHE_URL") or _redis.cache,
        "KEY_PREFIX": "wardmark",
        "TIMEOUT": 300,
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1.0},
    }
}

# --- Language and time -----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en", _("English")), ("cy", _("Welsh"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"

# --- Files -----------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
# An image brings its collected files along, outside the volume that holds the data.
STATIC_ROOT = Path(env.text("STATIC_ROOT") or DATA_DIR / "static")
STATICFILES_DIRS = [("dist", BASE_DIR / "static" / "dist")]
# No MEDIA_URL: what people upload is served by permission-checked views alone.
MEDIA_ROOT = DATA_DIR / "files"
# Evidence and certificates, encrypted (core.storage).
VAULT_DIR = env.private_directory(DATA_DIR / "vault")
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# A large upload waits unencrypted for the length of its request: here, not in the system's shared directory.
FILE_UPLOAD_TEMP_DIR = str(env.private_directory(DATA_DIR / "incoming"))
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- Signing (docs/how-to/signing-keys.md) ----------------------------------------------------------------------------

# The issuing authority's key: a file, a token or another machine. At most one; workers alone open it.
SIGNING_PKCS12 = env.text("SIGNING_PKCS12")
SIGNING_PKCS12_PASSWORD = env.text("SIGNING_PKCS12_PASSWORD")
SIGNING_PKCS11_MODULE = env.text("SIGNING_PKCS11_MODULE")
SIGNING_PKCS11_TOKEN = env.text("SIGNING_PKCS11_TOKEN")
SIGNING_PKCS11_PIN = env.text("SIGNING_PKCS11_PIN")
SIGNING_PKCS11_KEY = env.text("SIGNING_PKCS11_KEY")
SIGNING_REMOTE_URL = env.text("SIGNING_REMOTE_URL")
SIGNING_REMOTE_TOKEN = env.text("SIGNING_REMOTE_TOKEN")
SIGNING_REMOTE_CREDENTIAL = env.text("SIGNING_REMOTE_CREDENTIAL")
# The certificates of a token's or a remote signer's key, its own first.
SIGNING_CERTIFICATES = env.text("SIGNING_CERTIFICATES")
# With a time-stamp authority a signature holds a proof of its time; with its root, also what is needed to check it later.
SIGNING_TSA_URL = env.text("SIGNING_TSA_URL")
SIGNING_TSA_CERTIFICATES = env.text("SIGNING_TSA_CERTIFICATES")
# Made on first use by development settings where none of the above is set.
DEMONSTRATION_AUTHORITY = ""
# Ed25519, for claims that are checked without a network and for the list of their states: the first signs, all verify.
CREDENTIAL_KEYS: dict[str, bytes] = {}
# The second code on a certificate, which a scanner reads without a network.
OFFLINE_CODE = env.flag("OFFLINE_CODE", default=True)

# --- People ----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
# One alone: each is asked in turn, and a wrong password would be hashed by each.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# In the browser that is signing up, and no other: whoever came from triage goes on where they were.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# No "remember me": the machine may be a shared one in a control room.
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"signup": "10/h/ip", "login": "30/m/ip", "login_failed": "10/m/ip,5/300s/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

ACCOUNT_FORMS = {
    "login": "accounts.forms.identity.LoginForm",
    "signup": "accounts.forms.identity.SignupForm",
    "add_email": "accounts.forms.identity.ChangeEmailForm",
    "change_password": "accounts.forms.identity.ChangePasswordForm",
    "set_password": "accounts.forms.identity.SetPasswordForm",
    "reset_password": "accounts.forms.identity.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.identity.ResetPasswordKeyForm",
    "reauthenticate": "accounts.forms.identity.ReauthenticateForm",
}

MFA_ADAPTER = "accounts.adapters.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.identity.AuthenticateForm",
    "reauthenticate": "accounts.forms.identity.MFAReauthenticateForm",
    "activate_totp": "accounts.forms.identity.ActivateTOTPForm",
    "add_webauthn": "accounts.forms.identity.AddWebAuthnForm",
    "edit_webauthn": "accounts.forms.identity.EditWebAuthnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TOTP_ISSUER = SERVICE_NAME
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"

# --- Headers and cookies ---------------------------------------------------------------------------------------------

# Absolute, counted from sign-in: a day at work.
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
# Addresses hold verification tokens: another site is never told where its visitor came from.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, str | list[str]] = {
    "accelerometer": [],
    "autoplay": [],
    "browsing-topics": [],
    "camera": [],
    "display-capture": [],
    "fullscreen": [],
    "geolocation": [],
    "gyroscope": [],
    "magnetometer": [],
    "microphone": [],
    "midi": [],
    "payment": [],
    "publickey-credentials-create": "self",
    "publickey-credentials-get": "self",
    "usb": [],
}

# --- Interface for programs ------------------------------------------------------------------------------------------

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api_auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api_parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
        "rest_framework.throttling.ScopedRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": "60/min",
        "user": "600/min",
        "triage": "30/min",
        "verify": "30/min",
        "verify-file": "10/min",
    },
    # None would take the whole X-Forwarded-For header, which a client writes, for the client's name.
    "NUM_PROXIES": TRUSTED_PROXIES,
    # A query parameter of that name would be taken for a choice of renderer.
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "core.drf.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

# --- Work in the background ------------------------------------------------------------------------------------------

# What an outbox job of each kind calls: `core.outbox` finds its handlers here because the floor knows no app.
OUTBOX_HANDLERS = {
    "mail.deliver": "core.notify.deliver",
    "mail.deliver_many": "core.mailings.deliver",
    "evidence.scan": "certification.services.evidence.scan",
    "certificate.render": "certification.services.documents.render",
    "threat.address": "advisories.services.responses.address",
    "bulletin.deliver": "advisories.services.delivery.deliver",
    "bulletin.retract": "advisories.services.delivery.retract",
    "bulletin.paper": "advisories.services.papers.render",
    "bulletin.scan": "advisories.services.receipts.scan",
    "certificate.poster": "certification.services.posters.render",
    "certificate.redraw": "certification.services.documents.redraw",
    "certificate.reissue": "certification.services.designs.spread",
    "certificates.bundle": "certification.services.bundles.make",
    "network.announce": "advisories.services.network_mail.announce",
    "sighting.scan": "advisories.services.sighting_files.scan",
    "guidance.render": "advisories.services.guidance.render",
}

# Who words a message that was promised by its key alone (core.mailings), by the kind of mail.
MAIL_COMPOSERS = {
    "certificate.reminder": "certification.notifications.reminders.compose",
    "estate.overview": "certification.notifications.overviews.compose",
}

# Each kind of sweep, and after how long without a good run it is an outage; what is called to tell people of one.
SWEEPS = {
    "reminders": timedelta(hours=2, minutes=30),
    "expiry": timedelta(hours=2, minutes=30),
    # By day alone.
    "overviews": timedelta(hours=12, minutes=30),
}
SWEEP_ALARM = "certification.services.heartbeat.tell"
# From so many certificates that run out in one sweep on, an organisation gets one list instead of a message for each.
REMINDER_LIST_FROM = 5

# How long a worker that was killed keeps others off its job. Longer than the task's time limit (core.tasks.run_job).
OUTBOX_LEASE_SECONDS = env.number("OUTBOX_LEASE_SECONDS", 120)

CELERY_BROKER_URL = _redis.broker
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# For ever: a worker that gave up after an hour would have to be noticed by somebody.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Longer than any task may take. What it redelivers late the outbox has sent again long before.
    "visibility_timeout": 600,
    # Ranks of the outbox: a worker takes the lowest that waits. What names none (the schedule) goes first.
    "priority_steps": [0, 1, 2, 3],
    "socket_connect_timeout": 2,
    # A broker that accepts and then says nothing holds a page for this long; the worker asks every second.
    "socket_timeout": 5,
    # Opening a connection in order to publish: one more try at once, else six seconds of somebody's page are spent.
    # The worker's own patience with a broker that is away is set elsewhere (CELERY_BROKER_CONNECTION_*).
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.05,
    "interval_max": 0.05,
}
# A nudge that does not reach the broker is left to the sweep at once: somebody's page is waiting for it.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
# A soft limit here would be refused by every task whose own hard limit is lower.
CELERY_TASK_TIME_LIMIT = 290
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 600_000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE

# --- Mail and logs ---------------------------------------------------------------------------------------------------

# "send" hands mail to EMAIL_BACKEND; "record" keeps it on the sent-mail page alone (the demonstration).
MAIL_DELIVERY = "send"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Protective security certificates <no-reply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Django waits for ever: a server that says nothing would hold a worker until its task is cut off.
EMAIL_TIMEOUT = 20
# Where reports on mail that did not arrive are to go (`manage.py mail_returned`); its system must take bounces+anything@.
BOUNCE_ADDRESS = env.text("BOUNCE_ADDRESS")

LOG_LEVEL = env.text("LOG_LEVEL", "INFO").upper()
LOGGING = logs.console(level=LOG_LEVEL)
