"""Shapes that the pages of conditions draw: files, words for states, and what has happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from certification.domain import conditions as rules
from certification.models import Certificate, CertificateCondition, ConditionDischarge, ConditionExtension, Evidence
from certification.selectors.conditions import History, Work
from core.govuk.formats import uk_date
from core.govuk.panels import FileRow, TimelineItem


@dataclass(frozen=True, slots=True)
class WorkRow:
    condition: CertificateCondition
    words: str
    colour: str


def work_rows(work: Sequence[Work]) -> list[WorkRow]:
    said = {
        "met": (_("Met"), "green"),
        "with_police": (_("With the police"), "blue"),
        "sent_back": (_("More is needed"), "orange"),
        "overdue": (_("Overdue"), "red"),
        "outstanding": (_("Outstanding"), "yellow"),
        "ended": (_("Not met"), "grey"),
    }
    return [WorkRow(one.condition, *said[one.state]) for one in work]


def file_rows(discharge: ConditionDischarge, *, editable: bool = False) -> list[FileRow]:
    """At the certificate under which they were sent in."""
    return [_file(discharge, file, editable=editable) for file in discharge.evidence.all()]


def _file(discharge: ConditionDischarge, file: Evidence, *, editable: bool) -> FileRow:
    args = [discharge.condition.certificate_id, discharge.condition_id, file.pk]
    return FileRow(
        name=file.name,
        size=file.size,
        status=file.scan,
        status_text=str(Evidence.Scan(file.scan).label).capitalize(),
        url=reverse("certification:condition_file", args=args) if file.scan == Evidence.Scan.CLEAN else "",
        remove_url=reverse("certification:condition_file_remove", args=args) if editable else "",
        when=file.uploaded_at,
    )


@dataclass(frozen=True, slots=True)
class Round:
    """What was sent in, with its answer. `under`: the number of an earlier certificate, where it was sent in under one."""

    discharge: ConditionDischarge
    words: str
    files: list[FileRow]
    under: str


def rounds_of(certificate: Certificate, discharges: Sequence[ConditionDischarge]) -> list[Round]:
    """Those that went to the police; one that was taken back before it was sent is nobody's business."""
    return [
        Round(
            discharge=one,
            words=str(ConditionDischarge.State(one.state).label).capitalize(),
            files=file_rows(one),
            under="" if one.condition.certificate_id == certificate.pk else one.condition.certificate.number,
        )
        for one in discharges
        if one.submitted_at is not None
    ]


def timeline_of(history: History) -> list[TimelineItem]:
    """For the certificate's page; offices, not names, and no reasons."""
    items: list[TimelineItem] = []
    for discharge in history.discharges:
        code = {"code": discharge.condition.criterion_code}
        if discharge.submitted_at is not None:
            words = _("Sent in for the condition on %(code)s") % code
            items.append(TimelineItem(title=words, when=discharge.submitted_at, who=_("The holder")))
        if discharge.state == rules.SENT_BACK and discharge.decided_at is not None:
            words = _("More asked for on the condition on %(code)s") % code
            items.append(TimelineItem(title=words, when=discharge.decided_at, who=_("The police")))
    for extension in history.extensions:
        items += _about_time(extension)
    return items


def _about_time(extension: ConditionExtension) -> list[TimelineItem]:
    said = {"code": extension.condition.criterion_code, "until": uk_date(extension.until)}
    items: list[TimelineItem] = []
    if extension.asked_by_id is not None:
        words = _("More time asked for the condition on %(code)s, until %(until)s") % said
        items.append(TimelineItem(title=words, when=extension.created_at, who=_("The holder")))
    if extension.decided_at is not None:
        items.append(TimelineItem(title=_answered(extension) % said, when=extension.decided_at, who=_("The police")))
    return items


def _answered(extension: ConditionExtension) -> str:
    if extension.state == rules.REFUSED:
        return _("More time refused for the condition on %(code)s")
    if extension.waits:
        return _("The condition on %(code)s is overdue; the police wait until %(until)s")
    return _("The condition on %(code)s is now due on %(until)s")
