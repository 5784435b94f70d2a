from django.urls import URLPattern, path

from certification.views import register, verification

urlpatterns: list[URLPattern] = [
    path("check/", verification.check, name="check"),
    path("check/<str:token>/", verification.check_result, name="check_result"),
    path("register/", register.register, name="register"),
]
