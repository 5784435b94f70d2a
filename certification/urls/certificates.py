from django.urls import URLPattern, path

from certification.views import certificate_files, certificates, proposals, surrenders, transfers

_CERTIFICATE = "certificates/<uuid:certificate_id>/"
_PROPOSAL = f"{_CERTIFICATE}proposals/<int:proposal_id>/"
_OFFER = "transfers/<uuid:offer_id>/"

urlpatterns: list[URLPattern] = [
    path("certificates/", certificates.certificates, name="certificates"),
    path("certificates/bulk/", certificate_files.estate, name="estate"),
    path("certificates/bulk/<uuid:pk>/", certificate_files.bundle, name="bundle"),
    path("certificates/bulk/<uuid:pk>/file/", certificate_files.bundle_file, name="bundle_file"),
    path("certificates/design/", certificate_files.design, name="design"),
    path(_CERTIFICATE, certificates.certificate, name="certificate"),
    path(f"{_CERTIFICATE}text/", certificate_files.text, name="certificate_text"),
    path(f"{_CERTIFICATE}poster/", certificate_files.poster, name="certificate_poster"),
    path(f"{_CERTIFICATE}download/", certificates.download, name="certificate_download"),
    path(f"{_CERTIFICATE}renew/", certificates.renew, name="certificate_renew"),
    path(f"{_CERTIFICATE}surrender/", surrenders.surrender, name="surrender"),
    path(f"{_CERTIFICATE}transfer/", transfers.transfer, name="transfer"),
    path(f"{_CERTIFICATE}propose/<str:kind>/", proposals.propose, name="propose"),
    path(_PROPOSAL, proposals.proposal, name="proposal"),
    path(f"{_PROPOSAL}confirm/", proposals.confirm, name="proposal_confirm"),
    path(f"{_PROPOSAL}drop/", proposals.drop, name="proposal_drop"),
    path("proposals/", proposals.waiting, name="proposals"),
    path(_OFFER, transfers.transfer_offer, name="transfer_offer"),
    path(f"{_OFFER}accept/", transfers.transfer_accept, name="transfer_accept"),
    path(f"{_OFFER}decline/", transfers.transfer_decline, name="transfer_decline"),
    path(f"{_OFFER}withdraw/", transfers.transfer_withdraw, name="transfer_withdraw"),
    path(f"{_OFFER}refuse/", transfers.transfer_refuse, name="transfer_refuse"),
]
