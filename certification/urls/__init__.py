from certification.urls import certificates, conditions, organiser, police, public

app_name = "certification"

urlpatterns = [
    *public.urlpatterns,
    *organiser.urlpatterns,
    *police.urlpatterns,
    *certificates.urlpatterns,
    *conditions.urlpatterns,
]
