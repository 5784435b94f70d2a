"""What is the same everywhere. Only `config.env` reads the environment; dev, test and prod say what differs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import env, logs, redis_url

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = env.private_directory(Path(env.text("DATA_DIR") or BASE_DIR / "var").absolute())

# --- The service -----------------------------------------------------------------------------------------------------

SERVICE_NAME = env.text("SERVICE_NAME", "Protective security certificates")
SITE_URL = env.text("SITE_URL", f"http://127.0.0.1:{env.number('PORT', 8000)}").rstrip("/")
# Whom people write to about the service, shown on its pages; empty: the police force that they deal with.
CONTACT_EMAIL = env.text("CONTACT_EMAIL")
# Builds the navigation bar and the footer (core.govuk.context asks for it, because the floor knows no app).
LAYOUT = "config.layout.build"
# What keeps a subject out of the archive and in its police area: the events below know no plan (docs/adr/0009).
SUBJECT_HOLD = "certification.selectors.holds.hold_on"
# What stands beside a criterion when a plan is written or reviewed: lessons, which certification does not know.
CRITERION_EXTRAS = "advisories.selectors.lessons.for_criterion"
# Sample sign-ins, the page of sent mail, the demonstration scanner. Production refuses it.
DEMO = False
DEBUG = False
# clamd://host:3310 or clamd:///path/to/socket. Without it evidence is held as not scanned.
CLAMD_URL = env.text("CLAMD_URL")
MAX_UPLOAD_BYTES = 25 * 1024 * 1024
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
    # LocaleMiddleware comes with the Welsh catalogue: before that it would serve Django's own Welsh in English pages.
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
    "DEFAULT_THROTTLE_RATES": {"anon": "60/min", "user": "600/min", "triage": "30/min", "verify": "30/min"},
    # None would take the whole X-Forwarded-For header, which a client writes, for the client's name.
    "NUM_PROXIES": TRUSTED_PROXIES,
    # A query parameter of that name would be taken for a choice of renderer.
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "core.drf.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Wardmark",
    "DESCRIPTION": "Registration and certification of the protective security of events, venues and infrastructure.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    # Choices that several shapes share, by one name each: a generated client gets one type for each.
    "ENUM_NAME_OVERRIDES": {
        "OrganisationKindEnum": "accounts.models.Organisation.Kind",
        "TierEnum": "events.domain.facts.TIERS",
        "JudgedTierEnum": "events.domain.tiers.JUDGED_TIERS",
        "UseEnum": "events.domain.uses.USES",
        "SubjectKindEnum": "certification.serializers.plans.KINDS",
        "TriageKindEnum": "events.serializers.tiers.KINDS",
        "PlanStateEnum": "certification.models.Plan.State",
        "ChangeRequestStateEnum": "certification.models.ChangeRequest.State",
        "CertificateStateEnum": "certification.models.Certificate.State",
        "CertificateFilterEnum": "certification.serializers.certificates.FILTERS",
        "RegisterStateEnum": "certification.serializers.certificates.REGISTERED",
        "ScoreOutcomeEnum": "certification.domain.scoring.OUTCOMES",
        "OutcomeEnum": "certification.domain.departures.OUTCOMES",
        "BlockerKindEnum": "certification.serializers.plans.BLOCKERS",
        "SectorEnum": "advisories.serializers.networks.SECTOR_CODES",
        "PostTlpEnum": "advisories.models.NetworkPost.Tlp",
        "PostKindEnum": "advisories.models.NetworkPost.Kind",
        "NewPostKindEnum": "advisories.serializers.networks.NEW_KINDS",
        "AnyTlpEnum": "advisories.domain.tlp.ORDER",
        "LessonTlpEnum": "advisories.models.Lesson.Tlp",
        "LessonStateEnum": "advisories.models.Lesson.State",
        "LessonCategoryEnum": "advisories.models.Lesson.Category",
        "LessonCostEnum": "advisories.models.Lesson.Cost",
        "LessonTransferEnum": "advisories.models.Lesson.Transfer",
        "SightingStateEnum": "advisories.models.Sighting.State",
        "SightingCategoryEnum": "advisories.models.Sighting.Category",
        "SightingOutcomeEnum": "advisories.models.Sighting.Outcome",
    },
    "TAGS": [
        {"name": "triage", "description": "Which tier applies, for anybody."},
        {"name": "me", "description": "Who asks."},
        {"name": "organisations", "description": "Yours."},
        {"name": "areas", "description": "Police areas."},
        {"name": "venues", "description": "Places."},
        {"name": "events", "description": "At a venue of the register or elsewhere."},
        {"name": "projects", "description": "Infrastructure being planned and built."},
        {"name": "standards", "description": "What plans are judged by."},
        {"name": "plans", "description": "Answers, evidence, score and submissions of a subject."},
        {"name": "reviews", "description": "The police adviser's work."},
        {"name": "recommendations", "description": "From the adviser to the authorising officer."},
        {"name": "decisions", "description": "Signed by an authorising officer."},
        {"name": "certificates", "description": "For holder, police and auditors."},
        {"name": "networks", "description": "Those of the sectors: members, posts, questions."},
        {
            "name": "sightings",
            "description": "Reports of something suspicious to the police of an area. In an emergency call 999.",
        },
        {"name": "lessons", "description": "What cities and venues learnt from incidents and exercises."},
        {"name": "verify", "description": "Whether a certificate holds, for anybody."},
        {"name": "register", "description": "The public register, for anybody."},
    ],
}

# --- Work in the background ------------------------------------------------------------------------------------------

# What an outbox job of each kind calls: `core.outbox` finds its handlers here because the floor knows no app.
OUTBOX_HANDLERS = {
    "mail.deliver": "core.notify.deliver",
    "evidence.scan": "certification.services.evidence.scan",
    "certificate.render": "certification.services.documents.render",
    "network.announce": "advisories.services.network_mail.announce",
    "sighting.scan": "advisories.services.sighting_files.scan",
    "guidance.render": "advisories.services.guidance.render",
}

# How long a worker that was killed keeps others off its job. Longer than the task's time limit (core.tasks.run_job).
OUTBOX_LEASE_SECONDS = env.number("OUTBOX_LEASE_SECONDS", 120)

CELERY_BROKER_URL = _redis.broker
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# For ever: a worker that gave up after an hour would have to be noticed by somebody.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Longer than any task may take. What it redelivers late the outbox has sent again long before.
    "visibility_timeout": 600,
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
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    # `expires`: a worker that comes back after a day finds one sweep to do, not three thousand.
    "outbox-sweep": {"task": "core.outbox.sweep", "schedule": 30.0, "options": {"expires": 25}},
    "audit-anchor": {"task": "core.audit.anchor", "schedule": 600.0, "options": {"expires": 570}},
    "housekeeping": {
        "task": "core.housekeeping",
        "schedule": crontab(hour="3", minute="40"),
        "options": {"expires": 3000},
    },
    "reminders": {"task": "certification.reminders", "schedule": crontab(minute="20"), "options": {"expires": 3000}},
    "expire-at-midnight": {
        "task": "certification.expire",
        "schedule": crontab(hour="0", minute="0,1"),
        "options": {"expires": 3000},
    },
    # Files that were uploaded while there was no scanner.
    "rescan-held": {
        "task": "certification.rescan_held",
        "schedule": crontab(minute="35"),
        "options": {"expires": 3000},
    },
    "network-digests": {
        "task": "advisories.network_digests",
        "schedule": crontab(hour="7", minute="10"),
        "options": {"expires": 3000},
    },
    "sightings-rescan-held": {
        "task": "advisories.sightings_rescan_held",
        "schedule": crontab(minute="55"),
        "options": {"expires": 3000},
    },
    "expire-catch-up": {"task": "certification.expire", "schedule": crontab(minute="5"), "options": {"expires": 3000}},
}

# --- Mail and logs ---------------------------------------------------------------------------------------------------

# "send" hands mail to EMAIL_BACKEND; "record" keeps it on the sent-mail page alone (the demonstration).
MAIL_DELIVERY = "send"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Protective security certificates <no-reply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

LOG_LEVEL = env.text("LOG_LEVEL", "INFO").upper()
LOGGING = logs.console(level=LOG_LEVEL)
