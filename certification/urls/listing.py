from django.urls import URLPattern, path

from certification.views import listing, reminders

urlpatterns: list[URLPattern] = [
    path("subjects/<str:kind>/<uuid:pk>/register/", listing.listing, name="listing"),
    path("subjects/<str:kind>/<uuid:pk>/register/close/", listing.listing_close, name="listing_close"),
    path("kept-off-the-register/", listing.listing_requests, name="listing_requests"),
    path("kept-off-the-register/<uuid:pk>/", listing.listing_request, name="listing_request"),
    path("reminders/", reminders.preview, name="reminders_preview"),
]
