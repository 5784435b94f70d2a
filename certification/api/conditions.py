"""Conditions of certificates: sent in and answered, their dates asked for and set."""

from __future__ import annotations

from uuid import UUID

from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import signed_in
from certification.api.certificates import READ
from certification.api.moves import WRITE
from certification.models import CertificateCondition, ConditionDischarge, ConditionExtension, Evidence
from certification.policies import conditions as policies
from certification.selectors import conditions as selectors
from certification.serializers import conditions as shapes
from certification.services import conditions as services
from certification.services import discharges
from core.api_schema import FILE, MOVED, operation
from core.api_serializers import Empty, PageQuery, page_body, page_of
from core.api_views import ApiView, FileView
from core.http.downloads import streamed


class ConditionView(ApiView):
    def condition(self, pk: UUID, condition_id: int) -> CertificateCondition:
        """404 for a stranger."""
        return get_object_or_404(selectors.visible(self.request.user), pk=condition_id, certificate_id=pk)

    def discharge(self, pk: UUID, condition_id: int, discharge_id: int) -> ConditionDischarge:
        about = self.condition(pk, condition_id)
        found = get_object_or_404(selectors.discharges_of(about), pk=discharge_id)
        services.require_here(found, about)
        return found

    def extension(self, pk: UUID, condition_id: int, extension_id: int) -> ConditionExtension:
        about = self.condition(pk, condition_id)
        found = get_object_or_404(selectors.extensions_of(about), pk=extension_id)
        services.require_here(found, about)
        return found

    def shown(self, pk: UUID, condition_id: int, *, status: int = 200) -> Response:
        page = selectors.page_of(self.condition(pk, condition_id), self.request.user, today=timezone.localdate())
        seen = [page.draft, *page.rounds] if page.draft is not None else page.rounds
        shape = {
            **shapes.CertificateConditionRowSerializer(page.condition).data,
            "discharges": shapes.DischargeSerializer(seen, many=True).data,
            "extensions": shapes.ExtensionSerializer(page.extensions, many=True).data,
        }
        return Response(shape, status=status)


class ConditionsView(ApiView):
    @operation(
        "conditions_list",
        "Conditions to look at",
        scope=READ,
        gives=page_of(shapes.CertificateConditionRowSerializer),
        query=PageQuery,
    )
    def get(self, request: Request) -> Response:
        """Of the officer's areas: those said to be met, then those for which time is asked, then those overdue."""
        policies.can_see_list(request.user).require()
        asked = self.asked(PageQuery)
        page = selectors.to_look_at_page(
            signed_in(request.user), today=timezone.localdate(), after=asked["after"], size=asked["size"]
        )
        return Response(page_body(page, shapes.CertificateConditionRowSerializer))


class OneConditionView(ConditionView):
    @operation("conditions_retrieve", "One condition", scope=READ, gives=shapes.CertificateConditionSerializer)
    def get(self, request: Request, pk: UUID, condition_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        """What the holder is still writing is shown to the holder and to auditors alone."""
        return self.shown(pk, condition_id)


class OwnerView(ConditionView):
    fields_of_service = {"owner": "owner_id"}

    @operation(
        "conditions_assign",
        "Name who looks after it",
        scope=WRITE,
        takes=shapes.OwnerInputSerializer,
        gives=shapes.CertificateConditionSerializer,
    )
    def put(self, request: Request, pk: UUID, condition_id: int) -> Response:
        found = self.condition(pk, condition_id)
        policies.can_fulfil(request.user, found).require()
        owner = self.bound(shapes.OwnerInputSerializer)["owner_id"]
        services.assign(actor=signed_in(request.user), condition_id=found.pk, owner_id=owner)
        return self.shown(pk, condition_id)


class DischargesView(ConditionView):
    @operation(
        "conditions_discharge",
        "Say that it is met",
        scope=WRITE,
        takes=shapes.NoteInputSerializer,
        gives=shapes.CertificateConditionSerializer,
        status=201,
    )
    def post(self, request: Request, pk: UUID, condition_id: int) -> Response:
        """Sends the note, and the files that were attached before, to the officers of the area."""
        found = self.condition(pk, condition_id)
        policies.can_fulfil(request.user, found).require()
        note = self.bound(shapes.NoteInputSerializer)["note"]
        discharges.submit(actor=signed_in(request.user), condition_id=found.pk, note=note)
        return self.shown(pk, condition_id, status=201)


class DischargeFilesView(ConditionView):
    parser_classes = [MultiPartParser]

    @operation(
        "conditions_file_attach",
        "Attach a file",
        scope=WRITE,
        takes=shapes.FileInputSerializer,
        gives=shapes.DischargeFileSerializer,
        status=201,
    )
    def post(self, request: Request, pk: UUID, condition_id: int) -> Response:
        """Sent as multipart/form-data, before what it shows is sent in."""
        found = self.condition(pk, condition_id)
        policies.can_fulfil(request.user, found).require()
        upload = self.bound(shapes.FileInputSerializer)["file"]
        made = discharges.attach(
            actor=signed_in(request.user), condition_id=found.pk, upload=upload.file, name=upload.name or ""
        )
        return self.answer(shapes.DischargeFileSerializer, made, status=201)


class DischargeFileView(ConditionView, FileView):
    def file(self, pk: UUID, condition_id: int, evidence_id: UUID) -> Evidence:
        return get_object_or_404(Evidence, pk=evidence_id, discharge__condition=self.condition(pk, condition_id))

    @operation("conditions_file_download", "Open a file", scope=READ, gives=FILE, problems=MOVED)
    def get(self, request: Request, pk: UUID, condition_id: int, evidence_id: UUID) -> StreamingHttpResponse:
        """For the holder, and for the police once it was sent in. Every opening is on the record."""
        found = self.file(pk, condition_id, evidence_id)
        opened = discharges.open_file(actor=signed_in(request.user), evidence_id=found.pk)
        return streamed(opened.chunks, name=opened.name, content_type=opened.content_type, size=opened.size)

    @operation("conditions_file_remove", "Remove a file", scope=WRITE, status=204, problems=MOVED)
    def delete(self, request: Request, pk: UUID, condition_id: int, evidence_id: UUID) -> Response:
        """Before it is sent in alone."""
        policies.can_fulfil(request.user, self.condition(pk, condition_id)).require()
        found = self.file(pk, condition_id, evidence_id)
        discharges.remove_file(actor=signed_in(request.user), evidence_id=found.pk)
        return Response(status=204)


class DischargeWithdrawalView(ConditionView):
    @operation(
        "conditions_discharge_withdraw",
        "Take it back",
        scope=WRITE,
        takes=Empty,
        gives=shapes.CertificateConditionSerializer,
    )
    def post(self, request: Request, pk: UUID, condition_id: int, discharge_id: int) -> Response:
        self.bound(Empty)
        found = self.discharge(pk, condition_id, discharge_id)
        discharges.withdraw(actor=signed_in(request.user), discharge_id=found.pk)
        return self.shown(pk, condition_id)


class AcceptanceView(ConditionView):
    @operation(
        "conditions_accept", "Accept: it is met", scope=WRITE, takes=Empty, gives=shapes.CertificateConditionSerializer
    )
    def post(self, request: Request, pk: UUID, condition_id: int, discharge_id: int) -> Response:
        """By an officer of the area who did not sign the certificate."""
        self.bound(Empty)
        found = self.discharge(pk, condition_id, discharge_id)
        discharges.accept(actor=signed_in(request.user), discharge_id=found.pk)
        return self.shown(pk, condition_id)


class SendingBackView(ConditionView):
    @operation(
        "conditions_send_back",
        "Send it back",
        scope=WRITE,
        takes=shapes.ConditionReasonInputSerializer,
        gives=shapes.CertificateConditionSerializer,
    )
    def post(self, request: Request, pk: UUID, condition_id: int, discharge_id: int) -> Response:
        found = self.discharge(pk, condition_id, discharge_id)
        reason = self.bound(shapes.ConditionReasonInputSerializer)["reason"]
        discharges.send_back(actor=signed_in(request.user), discharge_id=found.pk, reason=reason)
        return self.shown(pk, condition_id)


class TimeAskedView(ConditionView):
    @operation(
        "conditions_time_ask",
        "Ask for more time",
        scope=WRITE,
        takes=shapes.DateInputSerializer,
        gives=shapes.CertificateConditionSerializer,
        status=201,
    )
    def post(self, request: Request, pk: UUID, condition_id: int) -> Response:
        found = self.condition(pk, condition_id)
        policies.can_fulfil(request.user, found).require()
        said = self.bound(shapes.DateInputSerializer)
        services.ask(actor=signed_in(request.user), condition_id=found.pk, until=said["until"], reason=said["reason"])
        return self.shown(pk, condition_id, status=201)


class TimeGrantView(ConditionView):
    @operation(
        "conditions_time_grant",
        "Grant more time",
        scope=WRITE,
        takes=Empty,
        gives=shapes.CertificateConditionSerializer,
    )
    def post(self, request: Request, pk: UUID, condition_id: int, extension_id: int) -> Response:
        self.bound(Empty)
        found = self.extension(pk, condition_id, extension_id)
        services.grant(actor=signed_in(request.user), extension_id=found.pk)
        return self.shown(pk, condition_id)


class TimeRefusalView(ConditionView):
    @operation(
        "conditions_time_refuse",
        "Refuse more time",
        scope=WRITE,
        takes=shapes.ConditionReasonInputSerializer,
        gives=shapes.CertificateConditionSerializer,
    )
    def post(self, request: Request, pk: UUID, condition_id: int, extension_id: int) -> Response:
        found = self.extension(pk, condition_id, extension_id)
        reason = self.bound(shapes.ConditionReasonInputSerializer)["reason"]
        services.refuse(actor=signed_in(request.user), extension_id=found.pk, answer=reason)
        return self.shown(pk, condition_id)


class TimeGivenView(ConditionView):
    @operation(
        "conditions_time_give",
        "Set a new date, or wait",
        scope=WRITE,
        takes=shapes.GivenDateInputSerializer,
        gives=shapes.CertificateConditionSerializer,
    )
    def post(self, request: Request, pk: UUID, condition_id: int) -> Response:
        """By an officer, unasked. Waiting is for what is overdue."""
        found = self.condition(pk, condition_id)
        policies.can_judge(request.user, found).require()
        said = self.bound(shapes.GivenDateInputSerializer)
        give = services.wait if said["waits"] else services.extend
        give(actor=signed_in(request.user), condition_id=found.pk, until=said["until"], reason=said["reason"])
        return self.shown(pk, condition_id)
