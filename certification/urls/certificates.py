from django.urls import URLPattern, path

from certification.views import certificates

urlpatterns: list[URLPattern] = [
    path("certificates/", certificates.certificates, name="certificates"),
    path("certificates/<uuid:certificate_id>/", certificates.certificate, name="certificate"),
    path("certificates/<uuid:certificate_id>/download/", certificates.download, name="certificate_download"),
    path("certificates/<uuid:certificate_id>/renew/", certificates.renew, name="certificate_renew"),
    path("certificates/<uuid:certificate_id>/revocation/", certificates.revocation, name="revocation"),
    path(
        "certificates/<uuid:certificate_id>/revocation/confirm/",
        certificates.revocation_confirm,
        name="revocation_confirm",
    ),
    path("certificates/<uuid:certificate_id>/revocation/drop/", certificates.revocation_drop, name="revocation_drop"),
]
