from django.urls import URLPattern, path

from certification.views import decisions, queue, recommendations, reviews

urlpatterns: list[URLPattern] = [
    path("queue/", queue.queue, name="queue"),
    path("plans/<uuid:plan_id>/claim/", queue.claim, name="claim"),
    path("plans/<uuid:plan_id>/release/", queue.release, name="release"),
    path("plans/<uuid:plan_id>/review/", reviews.review, name="review"),
    path("plans/<uuid:plan_id>/review/<str:code>/", reviews.review_criterion, name="review_criterion"),
    path("plans/<uuid:plan_id>/change-requests/", reviews.change_requests, name="change_requests"),
    path("plans/<uuid:plan_id>/change-requests/send/", reviews.send_requests, name="change_requests_send"),
    path("plans/<uuid:plan_id>/change-requests/<str:code>/delete/", reviews.drop_request, name="change_request_drop"),
    path("plans/<uuid:plan_id>/recommend/", recommendations.recommend, name="recommend"),
    path("plans/<uuid:plan_id>/decide/", decisions.decide, name="decide"),
    path("plans/<uuid:plan_id>/send-back/", decisions.send_back, name="send_back"),
    path("plans/<uuid:plan_id>/decision/", decisions.decision, name="decision"),
]
