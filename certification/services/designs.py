"""Having certificates drawn in the present design, from one to all in the country."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import PoliceArea, User
from certification import documents
from certification.domain import lifecycle
from certification.models import Certificate
from certification.policies import certificate_files as policies
from certification.selectors.certificate_files import lacking
from core import audit, outbox
from core.errors import InvalidInput
from core.outbox import Rank

# Certificates to a link of the chain: a transaction of a tenth of a second.
CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Scope:
    """One certificate by `number`, those of an `area` by its code, or with neither all of them."""

    number: str = ""
    area: str = ""


def reissue(*, actor: User | None, scope: Scope) -> None:
    """Promise a document in the present design to each certificate standing that has none. Asked twice, it is done once.

    `actor` None is the command line. Raises InvalidInput for a number or area that does not exist or stands no more.
    """
    with transaction.atomic():
        if actor is not None:
            policies.can_reissue(actor, fresh=True).require()
        target: PoliceArea | Certificate | User | None = actor
        if scope.number:
            target = certificate = _standing(scope.number)
            _promise([certificate.pk])
        else:
            if scope.area:
                target = _area(scope.area)
            _link(area=scope.area, after="", run=secrets.token_hex(4))
        if target is not None:
            facts = {"template": documents.TEMPLATE_VERSION, "area": scope.area, "number": scope.number}
            audit.record(
                actor=actor,
                action="certificates.reissue_asked",
                target=target,
                facts=facts,
                case="certificates:designs",
            )


def _standing(number: str) -> Certificate:
    found = Certificate.objects.filter(number=number, state__in=lifecycle.CERTIFICATE_STANDING).first()
    if found is None:
        raise InvalidInput(_("No certificate in force or suspended has this number."), field="number")
    return found


def _area(code: str) -> PoliceArea:
    found = PoliceArea.objects.filter(pk=code).first()
    if found is None:
        raise InvalidInput(_("There is no police area of this name."), field="area")
    return found


def spread(payload: Mapping[str, str]) -> None:
    """Outbox handler of `certificate.reissue`: a promise to each of the next few hundred, and the next link of the chain.

    Both in one transaction, so that a kill loses neither and the country is walked once.
    """
    found = lacking(documents.TEMPLATE_VERSION, area=payload["area"])
    if payload["after"]:
        found = found.filter(pk__gt=UUID(payload["after"]))
    with transaction.atomic():
        ids = list(found.values_list("pk", flat=True)[:CHUNK])
        _promise(ids)
        if len(ids) == CHUNK:
            _link(area=payload["area"], after=str(ids[-1]), run=payload["run"])


def _link(*, area: str, after: str, run: str) -> None:
    outbox.enqueue(
        kind="certificate.reissue",
        key=f"certificates:reissue:{run}:{after}",
        payload={"area": area, "after": after, "run": run},
        rank=Rank.BACKGROUND,
    )


def _promise(ids: list[UUID]) -> None:
    version = documents.TEMPLATE_VERSION
    outbox.enqueue_all(
        kind="certificate.redraw",
        jobs={f"certificate:{pk}:redraw:{version}": {"certificate": str(pk)} for pk in ids},
        rank=Rank.BACKGROUND,
    )
