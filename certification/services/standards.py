"""Versions of the standard: loaded as drafts, checked whole, published once and for ever."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from certification.models import StandardVersion
from certification.policies import plans as policies
from certification.selectors import snapshots
from certification.standard_files import parse_standard
from core import audit
from core.errors import Conflict, IllegalMove


def load(*, actor: User | None, document: bytes, name: str = "standard.yaml") -> StandardVersion:
    """A draft of the document's code and version, or the draft of before made new. The same content twice is one version.

    Raises StandardError with every fault and its place; Conflict (current) where that version is published with other
    content. `actor` None is the command line's. `name` tells JSON from YAML by its ending.
    """
    _require_manager(actor)
    parsed = parse_standard(document, name=name, for_publication=True)
    sha256 = snapshots.digest(parsed.document)
    standard = parsed.standard
    with transaction.atomic():
        _require_manager(actor)
        known = StandardVersion.objects.select_for_update().filter(code=standard.code, version=standard.version).first()
        if known is not None and known.sha256 == sha256:
            return known
        if known is not None and known.state != StandardVersion.State.DRAFT:
            raise Conflict(
                _("Version %(version)s is published and cannot change. Give the new text a new version number.")
                % {"version": known.version},
                current=known,
            )
        version = known or StandardVersion(code=standard.code, version=standard.version)
        version.title, version.effective_from = standard.title, standard.effective_from
        version.document, version.sha256, version.loaded_at = parsed.document, sha256, timezone.now()
        version.save()
        _record(actor, "standard.loaded", version, {"criteria": len(standard.criteria)})
        return version


def publish(*, actor: User | None, standard_id: int) -> StandardVersion:
    """From its date on new plans begin with it. Nothing of it changes again: a trigger sees to that.

    Raises IllegalMove unless it is a draft, Conflict where another published version has the same date.
    """
    with transaction.atomic():
        version = StandardVersion.objects.select_for_update().get(pk=standard_id)
        _require_manager(actor)
        if version.state != StandardVersion.State.DRAFT:
            raise IllegalMove(
                _("Only a draft can be published; this version is %(state)s.") % {"state": version.get_state_display()}
            )
        rival = StandardVersion.objects.filter(
            state=StandardVersion.State.PUBLISHED, effective_from=version.effective_from
        ).first()
        if rival is not None:
            raise Conflict(
                _("Version %(version)s already comes into force on that day.") % {"version": rival.version},
                current=rival,
            )
        version.state = StandardVersion.State.PUBLISHED
        version.published_at, version.published_by = timezone.now(), actor
        version.save(update_fields=["state", "published_at", "published_by"])
        _record(actor, "standard.published", version, {"effective_from": version.effective_from.isoformat()})
        return version


def withdraw(*, actor: User | None, standard_id: int) -> StandardVersion:
    """No plan begins with it any more; plans and certificates under it keep it."""
    with transaction.atomic():
        version = StandardVersion.objects.select_for_update().get(pk=standard_id)
        _require_manager(actor)
        if version.state != StandardVersion.State.PUBLISHED:
            raise IllegalMove(
                _("Only a published version can be withdrawn; this one is %(state)s.")
                % {"state": version.get_state_display()}
            )
        version.state = StandardVersion.State.WITHDRAWN
        version.save(update_fields=["state"])
        _record(actor, "standard.withdrawn", version, {})
        return version


def _require_manager(actor: User | None) -> None:
    if actor is not None:
        policies.can_manage_standards(actor, fresh=True).require()


def _record(actor: User | None, action: str, version: StandardVersion, extra: Mapping[str, Any]) -> None:
    case = f"standard:{version.code}:{version.version}"
    audit.record(actor=actor, action=action, target=version, case=case, facts={"sha256": version.sha256, **extra})
