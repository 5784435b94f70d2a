from django.urls import URLPattern, path

from certification.views import changes

urlpatterns: list[URLPattern] = [
    path("certificates/<uuid:certificate_id>/changes/new/", changes.report, name="change_report"),
    path("changes/", changes.changes, name="changes"),
    path("changes/<uuid:pk>/", changes.change, name="change"),
]
