from django.urls import URLPattern, path

from advisories.views import network_admissions as admissions
from advisories.views import network_moderation as moderation
from advisories.views import network_posts as posts
from advisories.views import networks

urlpatterns: list[URLPattern] = [
    path("sectors/", networks.hub, name="sectors"),
    path("networks/<slug:sector>/", networks.network, name="network"),
    path("networks/<slug:sector>/join/", networks.join, name="network_join"),
    path("networks/<slug:sector>/ask/", admissions.ask, name="network_ask"),
    path("networks/<slug:sector>/organisations/", admissions.admissions, name="network_admissions"),
    path("networks/<slug:sector>/organisations/<int:pk>/", admissions.admission, name="network_admission"),
    path("networks/<slug:sector>/organisations/<int:pk>/withdraw/", admissions.withdraw, name="network_withdraw"),
    path("networks/<slug:sector>/leave/", networks.leave, name="network_leave"),
    path("networks/<slug:sector>/mail/", networks.mail, name="network_mail"),
    path("networks/<slug:sector>/search/", networks.search, name="network_search"),
    path("networks/<slug:sector>/members/", moderation.members, name="network_members"),
    path("networks/<slug:sector>/members/<int:member_id>/remove/", moderation.remove, name="network_remove"),
    path("networks/<slug:sector>/members/<int:member_id>/readmit/", moderation.readmit, name="network_readmit"),
    path("networks/<slug:sector>/leads/<slug:lead>/appoint/", moderation.appoint, name="network_appoint"),
    path("networks/<slug:sector>/leads/<int:moderator_id>/end/", moderation.end, name="network_end"),
    path("networks/<slug:sector>/new/", posts.new, name="network_new"),
    path("networks/<slug:sector>/posts/<uuid:pk>/", posts.thread, name="network_post"),
    path("networks/<slug:sector>/posts/<uuid:pk>/hide/", posts.hide, name="network_hide"),
    path("networks/<slug:sector>/posts/<uuid:pk>/pin/", posts.pin, name="network_pin"),
    path("networks/<slug:sector>/posts/<uuid:pk>/answer/", posts.answer, name="network_answer"),
]
