from certification.urls import certificates, changes, conditions, listing, organiser, police, public

app_name = "certification"

urlpatterns = [
    *public.urlpatterns,
    *organiser.urlpatterns,
    *police.urlpatterns,
    *certificates.urlpatterns,
    *changes.urlpatterns,
    *conditions.urlpatterns,
    *listing.urlpatterns,
]
