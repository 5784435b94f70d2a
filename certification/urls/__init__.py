from certification.urls import certificates, listing, organiser, police, public

app_name = "certification"

urlpatterns = [
    *public.urlpatterns,
    *organiser.urlpatterns,
    *police.urlpatterns,
    *certificates.urlpatterns,
    *listing.urlpatterns,
]
