from __future__ import annotations

from django.urls import path

from accounts.views import account, mail, people, sent_mail, teams

app_name = "accounts"
urlpatterns = [
    path("account/", account.account, name="account"),
    path("account/name/", account.change_name, name="change_name"),
    path("account/mail/", mail.mail, name="mail"),
    path("mail/stop/<str:token>/", mail.stop, name="mail_stop"),
    path("account/tokens/", account.token_list, name="tokens"),
    path("account/tokens/new/", account.token_new, name="token_new"),
    path("account/tokens/<int:pk>/revoke/", account.token_revoke, name="token_revoke"),
    path("organisations/new/", teams.organisation_new, name="organisation_new"),
    path("organisations/<uuid:pk>/name/", teams.organisation_rename, name="organisation_rename"),
    path("organisations/<uuid:pk>/team/", teams.team, name="team"),
    path("organisations/<uuid:pk>/team/invite/", teams.invite, name="invite"),
    path("organisations/<uuid:pk>/team/<int:membership>/role/", teams.member_role, name="member_role"),
    path("organisations/<uuid:pk>/team/<int:membership>/remove/", teams.member_remove, name="member_remove"),
    path(
        "organisations/<uuid:pk>/team/invitations/<uuid:invitation>/withdraw/",
        teams.invitation_withdraw,
        name="invitation_withdraw",
    ),
    path("invitations/<str:token>/", teams.invitation_accept, name="invitation_accept"),
    path("people/", people.people, name="people"),
    path("people/<uuid:pk>/", people.show, name="person"),
    path("people/<uuid:pk>/appoint/", people.appoint, name="appoint"),
    path("people/<uuid:pk>/appointments/<int:appointment>/end/", people.appointment_end, name="appointment_end"),
    path("people/<uuid:pk>/national-role/", people.national_role, name="national_role"),
    path("people/<uuid:pk>/second-factor/", people.second_factor_reset, name="second_factor_reset"),
    path("people/<uuid:pk>/close/", people.close, name="person_close"),
    path("people/<uuid:pk>/reopen/", people.reopen, name="person_reopen"),
    path("areas/", people.areas, name="areas"),
    path("areas/<slug:code>/", people.area, name="area"),
    path("sent-mail/", sent_mail.sent_mail, name="sent_mail"),
    path("sent-mail/<int:pk>/", sent_mail.message, name="sent_mail_message"),
]
