from django.urls import URLPattern, path

from certification.views import plans

urlpatterns: list[URLPattern] = [
    path("plans/<uuid:pk>/", plans.plan, name="plan"),
]
