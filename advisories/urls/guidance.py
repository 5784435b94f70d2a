from django.urls import URLPattern, path

from advisories.views import guidance

urlpatterns: list[URLPattern] = [
    path("guidance/", guidance.listing, name="guidance"),
    path("guidance/new/", guidance.new, name="guidance_new"),
    path("guidance/<uuid:pk>/", guidance.pack, name="guidance_pack"),
    path("guidance/<uuid:pk>/pdf/", guidance.pdf_file, name="guidance_pdf"),
    path("guidance/<uuid:pk>/edit/", guidance.edit, name="guidance_edit"),
    path("guidance/<uuid:pk>/publish/", guidance.publish, name="guidance_publish"),
    path("guidance/<uuid:pk>/discard/", guidance.discard, name="guidance_discard"),
    path("guidance/<uuid:pk>/revise/", guidance.revise, name="guidance_revise"),
    path("guidance/<uuid:pk>/withdraw/", guidance.withdraw, name="guidance_withdraw"),
]
