"""Guidance packs: drafted by the generator, finished by an editor, frozen when published, printed by the worker."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from advisories.documents import guidance as documents
from advisories.domain import guidance as rules
from advisories.domain import tlp
from advisories.domain.sectors import SECTORS
from advisories.models import GuidancePack, Lesson
from advisories.policies import guidance as policies
from advisories.selectors import guidance as selectors
from certification.selectors import standards
from core import audit, outbox, pdf, storage
from core.errors import Conflict, IllegalMove, Incomplete, InvalidInput

__all__ = ["PackInput", "PdfFile", "begin", "change", "discard", "download", "publish", "render", "revise", "withdraw"]

_ACTIONS_IN_DRAFT: Final = 6


@dataclass(frozen=True, slots=True)
class PackInput:
    """`lessons` are ids of published lessons of the sector; `criteria` codes of the pack's standard."""

    title: str
    introduction: str
    actions: Sequence[str]
    criteria: Sequence[str]
    lessons: Sequence[str]
    tlp: str = tlp.DEFAULT


@dataclass(frozen=True, slots=True)
class PdfFile:
    name: str
    content: bytes


def begin(*, actor: User, sector: str, tier: str) -> GuidancePack:
    """A first draft, made from the standard in force and the open lessons of the sector; nobody reads it but editors."""
    if sector not in SECTORS:
        raise InvalidInput(_("Select a sector"), field="sector")
    if tier not in rules.TIERS:
        raise InvalidInput(_("Select a tier"), field="tier")
    version = standards.standard_in_force(timezone.localdate())
    if version is None:
        raise Conflict(_("No standard is in force. Publish one first."))
    standard = standards.compiled(version)
    criteria, lessons = selectors.first_pick(standard, sector, tier)
    label = SECTORS[sector].label
    with transaction.atomic():
        policies.can_edit(actor, sector, fresh=True).require()
        now = timezone.now()
        pack = GuidancePack.objects.create(
            sector=sector,
            tier=tier,
            title=_("%(sector)s: what to have in place") % {"sector": label},
            tlp=tlp.GREEN,
            introduction=_(
                "For whoever is responsible for protective security in the sector “%(sector)s”. It names what the national "
                "standard asks first, and what others learnt."
            )
            % {"sector": label},
            actions=[standard.by_code[code].remedy for code in criteria][:_ACTIONS_IN_DRAFT],
            standard=version,
            criteria=criteria,
            lessons=[str(lesson.pk) for lesson in lessons],
            written_by=actor,
            created_at=now,
            changed_at=now,
        )
        _record(actor, "guidance.begun", pack, {"sector": sector, "tier": tier})
        return pack


def change(*, actor: User, pack_id: UUID, given: PackInput) -> GuidancePack:
    with transaction.atomic():
        pack = _editable(actor, pack_id)
        values = _clean(pack, given)
        for name, value in values.items():
            setattr(pack, name, value)
        pack.changed_at = timezone.now()
        pack.save(update_fields=[*values, "changed_at"])
        _record(actor, "guidance.changed", pack, {"criteria": len(pack.criteria), "lessons": len(pack.lessons)})
        return pack


def publish(*, actor: User, pack_id: UUID) -> GuidancePack:
    """Frozen as it stands today; the worker prints it. Raises Incomplete with what is missing."""
    with transaction.atomic():
        pack = _editable(actor, pack_id)
        _require_whole(pack)
        _require_marking(pack.tlp, pack.lessons)
        now = timezone.now()
        snapshot = dict(selectors.content(pack))
        before = GuidancePack.objects.select_for_update(of=("self",)).filter(series=pack.series, state=rules.PUBLISHED)
        for old in before:
            _move(old, "supersede")
            old.save(update_fields=["state"])
            _record(actor, "guidance.superseded", old, {"by": pack.number})
        _move(pack, "publish")
        pack.snapshot, pack.published_by, pack.published_at = snapshot, actor, now
        pack.content_hash = hashlib.sha256(audit.canonical(snapshot).encode()).hexdigest()
        pack.save(update_fields=["state", "snapshot", "content_hash", "published_by", "published_at"])
        _record(actor, "guidance.published", pack, {"sha256": pack.content_hash, "tlp": pack.tlp})
        outbox.enqueue(kind="guidance.render", key=f"guidance:{pack.pk}:render", payload={"pack": str(pack.pk)})
        return pack


def revise(*, actor: User, pack_id: UUID) -> GuidancePack:
    """The next version, from the standard in force today: criteria that it no longer asks fall out."""
    version = standards.standard_in_force(timezone.localdate())
    if version is None:
        raise Conflict(_("No standard is in force. Publish one first."))
    with transaction.atomic():
        pack = GuidancePack.objects.select_for_update(of=("self",)).get(pk=pack_id)
        policies.can_edit(actor, pack.sector, fresh=True).require()
        if pack.state not in rules.RELEASED:
            raise IllegalMove(_("Only what was published has a next version."))
        versions = list(GuidancePack.objects.select_for_update(of=("self",)).filter(series=pack.series))
        if any(one.state == rules.DRAFT for one in versions):
            raise Conflict(_("A new version is being written already."))
        asked = {one.code for one in selectors.applicable(standards.compiled(version), pack.sector, pack.tier)}
        now = timezone.now()
        made = GuidancePack.objects.create(
            series=pack.series,
            number=max(one.number for one in versions) + 1,
            sector=pack.sector,
            tier=pack.tier,
            title=pack.title,
            tlp=pack.tlp,
            introduction=pack.introduction,
            actions=pack.actions,
            standard=version,
            criteria=[code for code in pack.criteria if code in asked],
            lessons=_still_usable(pack),
            written_by=actor,
            created_at=now,
            changed_at=now,
        )
        _record(actor, "guidance.begun", made, {"sector": made.sector, "tier": made.tier})
        return made


def withdraw(*, actor: User, pack_id: UUID, reason: str) -> GuidancePack:
    words = " ".join(reason.replace("\x00", "").split())
    if not words or len(words) > rules.LONGEST_REASON:
        raise InvalidInput(
            _("Say why, in %(limit)s characters or fewer") % {"limit": rules.LONGEST_REASON}, field="reason"
        )
    with transaction.atomic():
        pack = GuidancePack.objects.select_for_update(of=("self",)).get(pk=pack_id)
        policies.can_edit(actor, pack.sector, fresh=True).require()
        _move(pack, "withdraw")
        pack.withdrawn_reason = words
        pack.save(update_fields=["state", "withdrawn_reason"])
        _record(actor, "guidance.withdrawn", pack, {})
        return pack


def discard(*, actor: User, pack_id: UUID) -> GuidancePack:
    with transaction.atomic():
        pack = _editable(actor, pack_id)
        _move(pack, "discard")
        pack.save(update_fields=["state"])
        _record(actor, "guidance.discarded", pack, {})
        return pack


def render(payload: Mapping[str, str]) -> None:
    """Outbox handler of `guidance.render`. Layout and encryption outside any transaction; who comes second stops."""
    pack = GuidancePack.objects.get(pk=UUID(payload["pack"]))
    if pack.pdf_name or pack.state not in rules.RELEASED:
        return
    try:
        content = pdf.render(documents.guidance_pdf(pack))
    except pdf.Unavailable as error:
        raise outbox.TryLater from error
    digest = hashlib.sha256(content).hexdigest()
    name = f"guidance/{pack.pk}/{digest}.pdf"
    storage.write(name, [content])
    with transaction.atomic():
        locked = GuidancePack.objects.select_for_update(of=("self",)).get(pk=pack.pk)
        if locked.pdf_name:
            return
        locked.pdf_name, locked.pdf_sha256, locked.pdf_size = name, digest, len(content)
        locked.save(update_fields=["pdf_name", "pdf_sha256", "pdf_size"])
        _record(None, "guidance.rendered", locked, {"sha256": digest, "size": len(content)})


def download(*, pack: GuidancePack) -> PdfFile:
    """The caller has found it among what the reader may see. Raises IllegalMove while it is being made."""
    if not pack.pdf_name:
        raise IllegalMove(_("The document is being made. Come back in a minute."))
    return PdfFile(f"guidance-{pack.sector}-{pack.tier}-v{pack.number}.pdf", storage.read_all(pack.pdf_name))


def _editable(actor: User, pack_id: UUID) -> GuidancePack:
    pack = GuidancePack.objects.select_for_update(of=("self",)).select_related("standard").get(pk=pack_id)
    policies.can_edit(actor, pack.sector, fresh=True).require()
    if pack.state != rules.DRAFT:
        raise IllegalMove(_("Only a draft can be changed."))
    return pack


def _move(pack: GuidancePack, action: str) -> None:
    """The one writer of a pack's state. Raises IllegalMove."""
    after = rules.after(pack.state, action)
    if after is None:
        raise IllegalMove(
            _("This cannot be done with guidance that is “%(state)s”.") % {"state": pack.get_state_display()}
        )
    pack.state = after


def _still_usable(pack: GuidancePack) -> list[str]:
    """Of lessons that were replaced meanwhile, the version that stands now."""
    series = {str(row.pk): row.series for row in Lesson.objects.filter(pk__in=pack.lessons)}
    standing = {row.series: str(row.pk) for row in selectors.usable_lessons(pack.sector)}
    return [standing[series[pk]] for pk in pack.lessons if pk in series and series[pk] in standing]


def _clean(pack: GuidancePack, given: PackInput) -> dict[str, object]:
    title = " ".join(given.title.replace("\x00", "").split())
    introduction = given.introduction.replace("\x00", "").replace("\r\n", "\n").strip()
    actions = [" ".join(line.replace("\x00", "").split()) for line in given.actions]
    actions = [line for line in actions if line]
    _require_length(title, rules.LONGEST_TITLE, "title")
    _require_length(introduction, rules.LONGEST_INTRODUCTION, "introduction")
    if not title:
        raise InvalidInput(_("Give it a title"), field="title")
    if len(actions) > rules.MOST_ACTIONS:
        raise InvalidInput(_("Use %(limit)s key actions or fewer") % {"limit": rules.MOST_ACTIONS}, field="actions")
    for line in actions:
        _require_length(line, rules.LONGEST_ACTION, "actions")
    if given.tlp not in rules.MARKINGS:
        raise InvalidInput(_("Select a marking"), field="tlp")
    standard = standards.compiled(pack.standard)
    asked = [one.code for one in selectors.applicable(standard, pack.sector, pack.tier)]
    if set(given.criteria) - set(asked):
        raise InvalidInput(_("Select criteria of the list"), field="criteria")
    usable = [str(pk) for pk in selectors.usable_lessons(pack.sector).values_list("pk", flat=True)]
    if set(given.lessons) - set(usable):
        raise InvalidInput(_("Select lessons of the list"), field="lessons")
    _require_marking(given.tlp, given.lessons)
    return {
        "title": title,
        "introduction": introduction,
        "actions": actions,
        "tlp": given.tlp,
        "criteria": [code for code in asked if code in given.criteria],
        "lessons": [pk for pk in usable if pk in given.lessons],
    }


def _require_length(text: str, limit: int, field: str) -> None:
    if len(text) > limit:
        raise InvalidInput(_("Use %(limit)s characters or fewer") % {"limit": limit}, field=field)


def _require_marking(marking: str, lessons: Sequence[str]) -> None:
    widest = selectors.widest_marking(Lesson.objects.filter(pk__in=list(lessons)))
    if tlp.ORDER.index(marking) > tlp.ORDER.index(widest):
        raise InvalidInput(
            _("A lesson in it is marked %(marking)s, so the whole travels no further than that.")
            % {"marking": tlp.LABELS[widest]},
            field="tlp",
        )


def _require_whole(pack: GuidancePack) -> None:
    missing = []
    if not pack.introduction:
        missing.append(_("the introduction"))
    if not pack.actions:
        missing.append(_("the key actions"))
    if not pack.criteria:
        missing.append(_("at least one criterion"))
    if missing:
        raise Incomplete(_("The guidance is not whole yet."), missing)


def _record(actor: User | None, action: str, pack: GuidancePack, facts: Mapping[str, object]) -> None:
    case = f"guidance:{pack.series}"
    audit.record(actor=actor, action=action, target=pack, case=case, facts={"number": pack.number, **facts})
