from certification.urls import certificates, organiser, police, public

app_name = "certification"

urlpatterns = [*public.urlpatterns, *organiser.urlpatterns, *police.urlpatterns, *certificates.urlpatterns]
