"""What still stands between a plan and its submission, in the reader's words and with the page that mends it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from certification.domain.standard import Criterion
from certification.models import Evidence
from certification.selectors import cases
from certification.selectors.cases import Case


@dataclass(frozen=True, slots=True)
class Missing:
    """`code` is empty where it concerns the plan as a whole."""

    code: str
    text: str


def blocking(case: Case) -> list[Missing]:
    """In page order; empty when the plan may be submitted."""
    found: list[Missing] = []
    for _section, criteria in case.sections:
        for criterion in criteria:
            found.extend(Missing(criterion.code, text) for text in _gaps(case, criterion))
    if not found and cases.score(case) is None:
        found.append(Missing("", _("Every question is answered “does not apply”, so there is nothing to certify.")))
    return found


def warnings(case: Case) -> list[Missing]:
    """What does not stop a submission, and is better known before: files left behind, requests not acted on."""
    found: list[Missing] = []
    for code in case.codes:
        for file in case.evidence.get(code, ()):
            if file.scan == Evidence.Scan.HELD:
                found.append(
                    Missing(
                        code,
                        _("%(code)s: “%(name)s” is held and will not be part of the submission.")
                        % {"code": code, "name": file.name},
                    )
                )
            elif file.scan == Evidence.Scan.INFECTED:
                found.append(
                    Missing(
                        code,
                        _("%(code)s: “%(name)s” was refused by the scanner and will not be part of the submission.")
                        % {"code": code, "name": file.name},
                    )
                )
        if code in case.requests and not _acted_on(case, code):
            found.append(
                Missing(
                    code, _("%(code)s: nothing has changed since the police adviser asked about it.") % {"code": code}
                )
            )
    return found


def evidence_needed(case: Case, criterion: Criterion) -> bool:
    """A level at or above the mark is a claim, and where evidence is required a claim needs a file."""
    answer = case.answers.get(criterion.code)
    claimed = (
        answer is not None and answer.level is not None and answer.level >= case.standard.pass_mark.mandatory_level
    )
    return criterion.evidence == "required" and claimed


def _gaps(case: Case, criterion: Criterion) -> list[str]:
    code, status = criterion.code, case.status_of(criterion.code)
    gaps: list[str] = []
    if code in case.unanswered:
        gaps.append(_("%(code)s is not answered.") % {"code": code})
    elif status == cases.CONFIRM:
        gaps.append(_("%(code)s was copied from last time and must be confirmed.") % {"code": code})
    files = case.evidence.get(code, ())
    if any(file.scan == Evidence.Scan.PENDING for file in files):
        gaps.append(_("%(code)s has a file that is still being scanned. Try again in a minute.") % {"code": code})
    elif evidence_needed(case, criterion) and not any(file.scan == Evidence.Scan.CLEAN for file in files):
        gaps.append(_no_file(code, held=any(file.scan == Evidence.Scan.HELD for file in files)))
    return gaps


def _no_file(code: str, *, held: bool) -> str:
    if held:
        return _("%(code)s needs evidence, and its files are held because no scanner is available.") % {"code": code}
    return _("%(code)s needs a file as evidence for the level you chose.") % {"code": code}


def _acted_on(case: Case, code: str) -> bool:
    sent = case.requests[code].sent_at
    answer = case.answers.get(code)
    if sent is None or (answer is not None and answer.updated_at > sent):
        return True
    return any(file.uploaded_at > sent for file in case.evidence.get(code, ()))
