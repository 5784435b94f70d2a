"""Who may have an estate's certificates in one file, and who may have certificates drawn anew."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from accounts.selectors import Viewer, authority
from certification.models import Bundle
from core.policies import ALLOWED, Decision, denied


def can_bundle(user: Viewer, organisation_id: UUID, *, fresh: bool = False) -> Decision:
    """Every member: each may open each of the certificates already. Nobody else, officers and auditors included."""
    if authority(user, fresh=fresh).member_of(organisation_id):
        return ALLOWED
    return denied(_("Only members of the organisation can download all of its certificates."))


def can_view(user: Viewer, bundle: Bundle, *, fresh: bool = False) -> Decision:
    """The same as Bundle.objects.visible_to."""
    return can_bundle(user, bundle.organisation_id, fresh=fresh)


def can_list_bundles(user: Viewer) -> Decision:
    if authority(user).organisations:
        return ALLOWED
    return denied(_("This page is for members of organisations that hold certificates."))


def can_reissue(user: Viewer, *, fresh: bool = False) -> Decision:
    if authority(user, fresh=fresh).is_administrator:
        return ALLOWED
    return denied(_("Only a national administrator can have certificates drawn in a new design."))
