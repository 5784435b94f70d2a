from advisories.urls import bulletins

app_name = "advisories"

urlpatterns = [*bulletins.urlpatterns]
