from advisories.urls import bulletins, guidance, lessons, networks, sightings, threat

app_name = "advisories"

urlpatterns = [
    *bulletins.urlpatterns,
    *threat.urlpatterns,
    *networks.urlpatterns,
    *sightings.urlpatterns,
    *lessons.urlpatterns,
    *guidance.urlpatterns,
]
