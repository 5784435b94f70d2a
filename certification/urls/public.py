from django.urls import URLPattern, path

from certification.views import badge, offline, register, verification

urlpatterns: list[URLPattern] = [
    path("check/", verification.check, name="check"),
    path("check/file/", verification.check_file, name="check_file"),
    path("check/offline/", offline.offline_check, name="offline_check"),
    path("check/authority/", offline.issuing_authority, name="issuing_authority"),
    path("check/authority/<str:kid>.pem", offline.authority_file, name="authority_file"),
    path("check/<str:token>/", verification.check_result, name="check_result"),
    path("status/<int:number>", offline.statuses, name="status_list"),
    path(".well-known/jwks.json", offline.jwks, name="jwks"),
    path("register/", register.register, name="register"),
    path("register/data/", register.register_data, name="register_data"),
    path("register/data.csv", register.register_csv, name="register_csv"),
    path("register/data.json", register.register_json, name="register_json"),
    path("register/<str:number>/", register.register_entry, name="register_entry"),
    path("badge/<str:token>.svg", badge.badge, name="badge"),
]
