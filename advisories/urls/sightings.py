from django.urls import URLPattern, path

from advisories.views import sightings

urlpatterns: list[URLPattern] = [
    path("sightings/", sightings.own, name="sightings"),
    path("sightings/report/", sightings.report, name="sighting_new"),
    path("sightings/queue/", sightings.queue, name="sightings_queue"),
    path("sightings/<uuid:pk>/", sightings.sighting, name="sighting"),
    path("sightings/<uuid:pk>/files/", sightings.add_file, name="sighting_add_file"),
    path("sightings/<uuid:pk>/files/<uuid:file_id>/", sightings.file, name="sighting_file"),
    path("sightings/<uuid:pk>/<slug:action>/", sightings.act, name="sighting_act"),
]
