from __future__ import annotations

from django.urls import URLPattern, path

from certification.api import (
    answers,
    certificates,
    changes,
    conditions,
    decisions,
    evidence,
    moves,
    plans,
    public,
    reviews,
    submissions,
)

_PLAN = "plans/<uuid:pk>/"
_CERTIFICATE = "certificates/<uuid:pk>/"
_PROPOSAL = f"{_CERTIFICATE}proposals/<int:proposal_id>/"
_OFFER = "transfers/<uuid:pk>/"
_CONDITION = f"{_CERTIFICATE}conditions/<int:condition_id>/"
_DISCHARGE = f"{_CONDITION}discharges/<int:discharge_id>/"
_EXTENSION = f"{_CONDITION}more-time/<int:extension_id>/"

urlpatterns: list[URLPattern] = [
    path("standards/", public.StandardsView.as_view(), name="standards"),
    path("standards/<str:code>/<str:version>/", public.StandardView.as_view(), name="standard"),
    path("verify/", public.FileVerificationView.as_view(), name="verify-file"),
    path("verify/<str:entry>/", public.VerificationView.as_view(), name="verify"),
    path("register/", public.RegisterView.as_view(), name="register"),
    path("plans/", plans.PlansView.as_view(), name="plans"),
    path(_PLAN, plans.OnePlanView.as_view(), name="plan"),
    path(f"{_PLAN}withdraw/", plans.WithdrawalView.as_view(), name="plan-withdraw"),
    path(f"{_PLAN}score/", plans.ScoreView.as_view(), name="plan-score"),
    path(f"{_PLAN}answers/", answers.AnswersView.as_view(), name="answers"),
    path(f"{_PLAN}answers/<str:code>/", answers.OneAnswerView.as_view(), name="answer"),
    path(f"{_PLAN}answers/<str:code>/confirm/", answers.ConfirmationView.as_view(), name="answer-confirm"),
    path(f"{_PLAN}evidence/", evidence.EvidencesView.as_view(), name="evidence-list"),
    path(f"{_PLAN}evidence/<uuid:evidence_id>/", evidence.OneEvidenceView.as_view(), name="evidence"),
    path(f"{_PLAN}evidence/<uuid:evidence_id>/file/", evidence.EvidenceFileView.as_view(), name="evidence-file"),
    path(f"{_PLAN}submissions/", submissions.SubmissionsView.as_view(), name="submissions"),
    path(f"{_PLAN}submissions/<int:number>/", submissions.OneSubmissionView.as_view(), name="submission"),
    path(f"{_PLAN}requested-changes/", submissions.SentRequestsView.as_view(), name="requested-changes"),
    path(f"{_PLAN}claim/", reviews.ClaimView.as_view(), name="claim"),
    path(f"{_PLAN}release/", reviews.ReleaseView.as_view(), name="release"),
    path(f"{_PLAN}review/", reviews.ReviewView.as_view(), name="review"),
    path(f"{_PLAN}review/criteria/<str:code>/", reviews.JudgementView.as_view(), name="judgement"),
    path(f"{_PLAN}change-requests/", reviews.ChangeRequestsView.as_view(), name="change-requests"),
    path(f"{_PLAN}change-requests/send/", reviews.SendRequestsView.as_view(), name="change-requests-send"),
    path(f"{_PLAN}change-requests/<str:code>/", reviews.DraftRequestView.as_view(), name="change-request"),
    path(f"{_PLAN}recommendation/", decisions.RecommendationView.as_view(), name="recommendation"),
    path(f"{_PLAN}recommendation/send-back/", decisions.SendBackView.as_view(), name="send-back"),
    path(f"{_PLAN}decision/", decisions.DecisionView.as_view(), name="decision"),
    path("certificates/", certificates.CertificatesView.as_view(), name="certificates"),
    path(_CERTIFICATE, certificates.OneCertificateView.as_view(), name="certificate"),
    path(f"{_CERTIFICATE}pdf/", certificates.DocumentView.as_view(), name="certificate-pdf"),
    path(f"{_CERTIFICATE}renew/", certificates.RenewalView.as_view(), name="certificate-renew"),
    path(f"{_CERTIFICATE}changes/", changes.ReportView.as_view(), name="change-report"),
    path("changes/", changes.ChangesView.as_view(), name="changes"),
    path("changes/<uuid:pk>/", changes.OneChangeView.as_view(), name="change"),
    path(f"{_CERTIFICATE}surrender/", moves.SurrenderView.as_view(), name="surrender"),
    path(f"{_CERTIFICATE}transfer/", moves.OffersView.as_view(), name="transfer"),
    path(f"{_CERTIFICATE}proposals/", moves.ProposalsView.as_view(), name="certificate-proposals"),
    path(f"{_PROPOSAL}confirm/", moves.ConfirmationView.as_view(), name="proposal-confirm"),
    path(_PROPOSAL, moves.ProposalView.as_view(), name="proposal"),
    path("proposals/", moves.WaitingView.as_view(), name="proposals"),
    path(_OFFER, moves.OfferView.as_view(), name="offer"),
    path(f"{_OFFER}accept/", moves.AcceptanceView.as_view(), name="offer-accept"),
    path(f"{_OFFER}decline/", moves.DeclineView.as_view(), name="offer-decline"),
    path(f"{_OFFER}withdraw/", moves.WithdrawalView.as_view(), name="offer-withdraw"),
    path(f"{_OFFER}refuse/", moves.RefusalView.as_view(), name="offer-refuse"),
    path("conditions/", conditions.ConditionsView.as_view(), name="conditions"),
    path(_CONDITION, conditions.OneConditionView.as_view(), name="condition"),
    path(f"{_CONDITION}owner/", conditions.OwnerView.as_view(), name="condition-owner"),
    path(f"{_CONDITION}files/", conditions.DischargeFilesView.as_view(), name="condition-files"),
    path(f"{_CONDITION}files/<uuid:evidence_id>/", conditions.DischargeFileView.as_view(), name="condition-file"),
    path(f"{_CONDITION}discharges/", conditions.DischargesView.as_view(), name="discharges"),
    path(f"{_DISCHARGE}withdraw/", conditions.DischargeWithdrawalView.as_view(), name="discharge-withdraw"),
    path(f"{_DISCHARGE}accept/", conditions.AcceptanceView.as_view(), name="discharge-accept"),
    path(f"{_DISCHARGE}send-back/", conditions.SendingBackView.as_view(), name="discharge-send-back"),
    path(f"{_CONDITION}more-time/", conditions.TimeAskedView.as_view(), name="more-time"),
    path(f"{_EXTENSION}grant/", conditions.TimeGrantView.as_view(), name="more-time-grant"),
    path(f"{_EXTENSION}refuse/", conditions.TimeRefusalView.as_view(), name="more-time-refuse"),
    path(f"{_CONDITION}date/", conditions.TimeGivenView.as_view(), name="condition-date"),
]
