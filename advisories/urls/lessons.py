from django.urls import URLPattern, path

from advisories.views import lesson_writing as writing
from advisories.views import lessons

urlpatterns: list[URLPattern] = [
    path("lessons/", lessons.library, name="lessons"),
    path("lessons/new/", writing.new, name="lesson_new"),
    path("lessons/mine/", writing.mine, name="lessons_mine"),
    path("lessons/waiting/", writing.waiting, name="lessons_waiting"),
    path("lessons/<uuid:series>/", lessons.lesson, name="lesson"),
    path("lessons/<uuid:series>/<int:number>/", lessons.lesson, name="lesson_version"),
    path("lessons/<uuid:series>/<int:number>/edit/", writing.edit, name="lesson_edit"),
    path("lessons/<uuid:series>/<int:number>/submit/", writing.submit, name="lesson_submit"),
    path("lessons/<uuid:series>/<int:number>/discard/", writing.discard, name="lesson_discard"),
    path("lessons/<uuid:series>/<int:number>/publish/", writing.publish, name="lesson_publish"),
    path("lessons/<uuid:series>/<int:number>/send-back/", writing.send_back, name="lesson_send_back"),
    path("lessons/<uuid:series>/<int:number>/revise/", writing.revise, name="lesson_revise"),
    path("lessons/<uuid:series>/<int:number>/withdraw/", writing.withdraw, name="lesson_withdraw"),
]
