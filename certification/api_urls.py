from __future__ import annotations

from django.urls import URLPattern, path

from certification.api import answers, certificates, decisions, evidence, listing, plans, public, reviews, submissions

_PLAN = "plans/<uuid:pk>/"
_CERTIFICATE = "certificates/<uuid:pk>/"
_LISTING = "listing-requests/"

urlpatterns: list[URLPattern] = [
    path("standards/", public.StandardsView.as_view(), name="standards"),
    path("standards/<str:code>/<str:version>/", public.StandardView.as_view(), name="standard"),
    path("verify/<str:entry>/", public.VerificationView.as_view(), name="verify"),
    path("register/", public.RegisterView.as_view(), name="register"),
    path(_LISTING, listing.ListingRequestsView.as_view(), name="listing-requests"),
    path(f"{_LISTING}<uuid:pk>/", listing.OneListingRequestView.as_view(), name="listing-request"),
    path(f"{_LISTING}<uuid:pk>/consent/", listing.ConsentView.as_view(), name="listing-consent"),
    path(f"{_LISTING}<uuid:pk>/refuse/", listing.RefusalView.as_view(), name="listing-refuse"),
    path(f"{_LISTING}<uuid:pk>/withdraw/", listing.WithdrawalView.as_view(), name="listing-withdraw"),
    path(f"{_LISTING}<uuid:pk>/end/", listing.EndView.as_view(), name="listing-end"),
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
    path(f"{_CERTIFICATE}revocation/", certificates.RevocationView.as_view(), name="revocation"),
    path(
        f"{_CERTIFICATE}revocation/confirm/",
        certificates.RevocationConfirmationView.as_view(),
        name="revocation-confirm",
    ),
]
