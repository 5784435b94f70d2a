from django.urls import URLPattern, path

from certification.views import conditions

_ONE = "certificates/<uuid:certificate_id>/conditions/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("conditions/", conditions.to_look_at, name="conditions"),
    path(_ONE, conditions.condition, name="condition"),
    path(f"{_ONE}owner/", conditions.assign, name="condition_assign"),
    path(f"{_ONE}discharge/", conditions.discharge, name="condition_discharge"),
    path(f"{_ONE}discharge/<int:discharge_id>/withdraw/", conditions.withdraw, name="condition_withdraw"),
    path(f"{_ONE}discharge/<int:discharge_id>/accept/", conditions.accept, name="condition_accept"),
    path(f"{_ONE}discharge/<int:discharge_id>/send-back/", conditions.send_back, name="condition_send_back"),
    path(f"{_ONE}more-time/", conditions.ask_time, name="condition_ask_time"),
    path(f"{_ONE}more-time/<int:extension_id>/grant/", conditions.grant, name="condition_grant"),
    path(f"{_ONE}more-time/<int:extension_id>/refuse/", conditions.refuse, name="condition_refuse"),
    path(f"{_ONE}extend/", conditions.extend, name="condition_extend"),
    path(f"{_ONE}wait/", conditions.wait, name="condition_wait"),
    path(f"{_ONE}files/<uuid:evidence_id>/", conditions.condition_file, name="condition_file"),
    path(f"{_ONE}files/<uuid:evidence_id>/remove/", conditions.file_remove, name="condition_file_remove"),
]
