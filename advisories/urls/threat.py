from django.urls import URLPattern, path

from advisories.views import confirmations, measures, threat

urlpatterns: list[URLPattern] = [
    path("threat-level/", threat.threat, name="threat"),
    path("threat-level/propose/", threat.propose, name="threat_propose"),
    path("threat-level/changes/<int:change_id>/", threat.change, name="threat_change"),
    path("threat-level/changes/<int:change_id>/confirm/", threat.confirm, name="threat_confirm"),
    path("threat-level/changes/<int:change_id>/drop/", threat.drop, name="threat_drop"),
    path("threat-level/confirmations/", confirmations.confirmations, name="confirmations"),
    path("threat-level/confirmations/<uuid:confirmation_id>/", confirmations.confirmation, name="confirmation"),
    path("threat-level/measures/<uuid:certificate_id>/", measures.measures, name="measures"),
    path("threat-level/measures/<uuid:certificate_id>/<slug:response>/", measures.edit, name="measures_edit"),
]
