from advisories.urls import guidance, lessons, networks, sightings

app_name = "advisories"

urlpatterns = [*networks.urlpatterns, *sightings.urlpatterns, *lessons.urlpatterns, *guidance.urlpatterns]
