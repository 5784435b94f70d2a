from advisories.urls import bulletins, threat

app_name = "advisories"

urlpatterns = [*bulletins.urlpatterns, *threat.urlpatterns]
