from django.urls import URLPattern, path

from certification.views import badge, register, verification

urlpatterns: list[URLPattern] = [
    path("check/", verification.check, name="check"),
    path("check/<str:token>/", verification.check_result, name="check_result"),
    path("register/", register.register, name="register"),
    path("register/data/", register.register_data, name="register_data"),
    path("register/data.csv", register.register_csv, name="register_csv"),
    path("register/data.json", register.register_json, name="register_json"),
    path("register/<str:number>/", register.register_entry, name="register_entry"),
    path("badge/<str:token>.svg", badge.badge, name="badge"),
]
