from django.urls import URLPattern, path

from advisories.views import bulletins, feeds, preferences, reach, writing

_ONE = "advisories/<uuid:pk>/"
_OWN = "feeds/own/<str:token>/"

urlpatterns: list[URLPattern] = [
    path("advisories/", bulletins.bulletins, name="bulletins"),
    path("advisories/written/", writing.written, name="bulletins_written"),
    path("advisories/new/", writing.new, name="bulletin_new"),
    path("advisories/wishes/", preferences.preferences, name="bulletin_preferences"),
    path("advisories/wishes/feed/", preferences.feed_token_new, name="feed_token_new"),
    path("advisories/wishes/feed/revoke/", preferences.feed_token_revoke, name="feed_token_revoke"),
    path("advisories/files/<uuid:file_id>/", bulletins.bulletin_file, name="bulletin_file"),
    path(_ONE, bulletins.bulletin, name="bulletin"),
    path(f"{_ONE}print/", bulletins.bulletin_print, name="bulletin_print"),
    path(f"{_ONE}pdf/", bulletins.bulletin_pdf, name="bulletin_pdf"),
    path(f"{_ONE}acknowledge/", bulletins.acknowledge, name="bulletin_acknowledge"),
    path(f"{_ONE}places/<int:place_id>/", bulletins.place, name="bulletin_place"),
    path(f"{_ONE}manage/", writing.manage, name="bulletin_manage"),
    path(f"{_ONE}edit/", writing.edit, name="bulletin_edit"),
    path(f"{_ONE}submit/", writing.submit, name="bulletin_submit"),
    path(f"{_ONE}approval/", writing.approval, name="bulletin_approval"),
    path(f"{_ONE}publish/", writing.publish, name="bulletin_publish"),
    path(f"{_ONE}reopen/", writing.reopen, name="bulletin_reopen"),
    path(f"{_ONE}discard/", writing.discard, name="bulletin_discard"),
    path(f"{_ONE}update/", writing.update, name="bulletin_update"),
    path(f"{_ONE}retract/", writing.retract, name="bulletin_retract"),
    path(f"{_ONE}reach/", reach.reach, name="bulletin_reach"),
    path(f"{_ONE}reach/figures/", reach.figures, name="bulletin_reach_figures"),
    path(f"{_ONE}reach/returned/", reach.returned, name="bulletin_returned"),
    path("feeds/advisories.atom", feeds.feed, name="feed"),
    path("feeds/keys.json", feeds.feed_keys, name="feed_keys"),
    path("feeds/cap/<uuid:pk>.xml", feeds.cap_xml, name="cap_xml"),
    path("feeds/cap/<uuid:pk>.json", feeds.cap_json, name="cap_json"),
    path(f"{_OWN}advisories.atom", feeds.feed_own, name="feed_own"),
    path(f"{_OWN}cap/<uuid:pk>.xml", feeds.cap_xml_own, name="cap_xml_own"),
    path(f"{_OWN}cap/<uuid:pk>.json", feeds.cap_json_own, name="cap_json_own"),
]
