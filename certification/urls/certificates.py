from django.urls import URLPattern, path

from certification.views import certificate_files, certificates

urlpatterns: list[URLPattern] = [
    path("certificates/", certificates.certificates, name="certificates"),
    path("certificates/bulk/", certificate_files.estate, name="estate"),
    path("certificates/bulk/<uuid:pk>/", certificate_files.bundle, name="bundle"),
    path("certificates/bulk/<uuid:pk>/file/", certificate_files.bundle_file, name="bundle_file"),
    path("certificates/design/", certificate_files.design, name="design"),
    path("certificates/<uuid:certificate_id>/text/", certificate_files.text, name="certificate_text"),
    path("certificates/<uuid:certificate_id>/poster/", certificate_files.poster, name="certificate_poster"),
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
