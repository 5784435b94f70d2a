"""System checks of the floor: what `manage.py check` says before anybody is served."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from celery import current_app
from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.utils.module_loading import import_string, module_has_submodule

from core.http import libraries
from core.signing import authority


@register("wardmark")
def outbox_handlers_exist(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """A promise whose handler cannot be imported would fail in the worker, hours after it was made."""
    del app_configs
    found: list[CheckMessage] = []
    for kind, dotted in settings.OUTBOX_HANDLERS.items():
        try:
            import_string(dotted)
        except ImportError:
            found.append(Error(f"OUTBOX_HANDLERS[{kind!r}] names {dotted}, which does not import.", id="core.E001"))
    return found


@register("wardmark")
def named_functions_exist(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """What a lower app asks of a higher one by name would fail on the page that asks first."""
    del app_configs
    found: list[CheckMessage] = []
    asked = (
        "LAYOUT",
        "SUBJECT_HOLD",
        "SUBJECT_HANDOVER_HOLD",
        "PLAN_EXTRAS",
        "HOME_NOTES",
        "CRITERION_EXTRAS",
        "SWEEP_ALARM",
    )
    names = [(name, getattr(settings, name)) for name in asked]
    names += [("DEMO_BUILDERS", dotted) for dotted in settings.DEMO_BUILDERS]
    names += [(f"MAIL_COMPOSERS[{kind!r}]", dotted) for kind, dotted in settings.MAIL_COMPOSERS.items()]
    for name, dotted in names:
        try:
            import_string(dotted)
        except ImportError:
            found.append(Error(f"{name} names {dotted}, which does not import.", id="core.E005"))
    return found


@register("wardmark")
def file_keys_are_set(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    del app_configs
    if settings.FILE_KEYS:
        return []
    return [Error("FILE_KEYS is empty: nothing could be encrypted.", hint="Set it as id:base64.", id="core.E002")]


@register("wardmark")
def scheduled_tasks_exist(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """The schedule names its tasks as text: a task renamed without it would quietly never run again."""
    del app_configs
    # Celery's own import of the task modules runs these checks again, and again.
    for app in apps.get_app_configs():
        if module_has_submodule(app.module, "tasks"):
            import_module(f"{app.name}.tasks")
    names = sorted({str(entry["task"]) for entry in settings.CELERY_BEAT_SCHEDULE.values()} - set(current_app.tasks))
    return [
        Error(f"CELERY_BEAT_SCHEDULE names the task {name}, which does not exist.", id="core.E003") for name in names
    ]


@register("wardmark")
def pdf_library_is_here(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    del app_configs
    if libraries.pango():
        return []
    return [
        Caution(
            "The Pango library is missing: certificates cannot be made into PDFs on this machine.",
            hint="On Debian or Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
            id="core.W001",
        )
    ]


@register(Tags.security, deploy=True)
def data_directory_is_private(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    del app_configs
    if settings.DATA_DIR.stat().st_mode & 0o077 == 0:
        return []
    return [Caution("DATA_DIR can be read by other accounts of this machine.", hint="chmod 700", id="core.W002")]


@register(Tags.security, deploy=True)
def documents_can_be_signed(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Where workers have settings of their own, this is to be asked of those."""
    del app_configs
    hint = "docs/how-to/signing-keys.md"
    found: list[CheckMessage] = []
    if authority.Sources.configured().kind == "none":
        found.append(Caution("No signing key is configured: no certificate will be issued.", hint=hint, id="core.W004"))
    if not settings.CREDENTIAL_KEYS:
        found.append(Caution("CREDENTIAL_KEYS is empty: no certificate will be issued.", hint=hint, id="core.W005"))
    return found


@register(Tags.security, deploy=True)
def uploads_are_scanned(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    del app_configs
    scheme = urlsplit(settings.CLAMD_URL).scheme
    if scheme == "clamd":
        return []
    if scheme:
        return [Error("CLAMD_URL must be clamd://host:port or clamd:///path/to/socket.", id="core.E004")]
    return [Caution("CLAMD_URL is not set: every uploaded file will be held as not scanned.", id="core.W003")]
