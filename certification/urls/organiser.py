from django.urls import URLPattern, path

from certification.views import criteria, evidence, home, plans, standards, submissions

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("plans/begin/", plans.begin, name="plan_begin"),
    path("plans/<uuid:pk>/", plans.plan, name="plan"),
    path("plans/<uuid:pk>/score/", plans.score, name="plan_score"),
    path("plans/<uuid:pk>/withdraw/", plans.withdraw, name="plan_withdraw"),
    path("plans/<uuid:pk>/criteria/<str:code>/", criteria.criterion, name="criterion"),
    path("plans/<uuid:pk>/criteria/<str:code>/autosave/", criteria.autosave, name="criterion_autosave"),
    path("plans/<uuid:pk>/criteria/<str:code>/confirm/", criteria.confirm, name="criterion_confirm"),
    path("plans/<uuid:pk>/evidence/<uuid:evidence_id>/", evidence.evidence_file, name="evidence_file"),
    path("plans/<uuid:pk>/evidence/<uuid:evidence_id>/remove/", evidence.evidence_remove, name="evidence_remove"),
    path("plans/<uuid:pk>/submit/", submissions.submit, name="plan_submit"),
    path("plans/<uuid:pk>/receipt/<int:number>/", submissions.receipt, name="receipt"),
    path("plans/<uuid:pk>/submissions/<int:number>/", submissions.submission, name="submission"),
    path("subjects/<str:kind>/<uuid:pk>/plans/", plans.subject_plans, name="subject_plans"),
    path("standard/", standards.standard, name="standard"),
    path("standards/", standards.versions, name="standards"),
    path("standards/load/", standards.load, name="standard_load"),
    path("standards/<int:pk>/", standards.version, name="standard_version"),
    path("standards/<int:pk>/publish/", standards.publish, name="standard_publish"),
    path("standards/<int:pk>/withdraw/", standards.withdraw, name="standard_withdraw"),
]
