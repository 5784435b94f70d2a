from advisories.urls import threat

app_name = "advisories"

urlpatterns = [*threat.urlpatterns]
