"""Who asks, for which organisations, and the police areas."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Organisation, PoliceArea
from accounts.selectors import authority, signed_in
from accounts.serializers import AreaSerializer, MeSerializer, OrganisationSerializer
from core import keyset
from core.api_schema import operation
from core.api_scopes import ANY
from core.api_serializers import PageQuery, page_body, page_of
from core.api_views import ApiView


class MeView(ApiView):
    @operation("me_retrieve", "Who this token belongs to", scope=ANY, gives=MeSerializer)
    def get(self, request: Request) -> Response:
        """With the roles and scopes that it has now."""
        user = signed_in(request.user)
        who = authority(user)
        shown = {
            "id": user.pk,
            "email": user.email,
            "name": user.name,
            "national_role": user.national_role,
            "memberships": [{"organisation_id": pk, "role": role} for pk, role in who.organisations.items()],
            "appointments": [{"area_code": code, "roles": sorted(roles)} for code, roles in who.areas.items()],
            "scopes": getattr(request.auth, "scopes", None),
        }
        return self.answer(MeSerializer, shown)


class OrganisationsView(ApiView):
    @operation(
        "organisations_list",
        "Organisations that you belong to",
        scope="subjects:read",
        gives=page_of(OrganisationSerializer),
        query=PageQuery,
    )
    def get(self, request: Request) -> Response:
        """An auditor sees all of them."""
        asked = self.asked(PageQuery)
        found = Organisation.objects.visible_to(request.user)
        page = keyset.page(found, order=("name", "id"), after=asked["after"], size=asked["size"])
        return Response(page_body(page, OrganisationSerializer))


class AreasView(ApiView):
    @operation("areas_list", "Police areas", scope="subjects:read", gives=page_of(AreaSerializer), query=PageQuery)
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        """Their codes are what `area_code` takes."""
        asked = self.asked(PageQuery)
        page = keyset.page(PoliceArea.objects.all(), order=("name", "code"), after=asked["after"], size=asked["size"])
        return Response(page_body(page, AreaSerializer))
