"""Networks for their members, and for others as far as posts travel."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import signed_in
from advisories.domain.sectors import SECTORS
from advisories.models import NetworkPost
from advisories.policies import networks as policies
from advisories.selectors import networks as selectors
from advisories.serializers import networks as shapes
from advisories.services import network_posts, networks
from advisories.services.network_posts import PostInput
from core.api_schema import MOVED, operation
from core.api_serializers import list_of, page_body, page_of
from core.api_views import ApiView

READ = "networks:read"
WRITE = "networks:write"


class NetworkView(ApiView):
    fields_of_service = {"marking": "tlp", "organisation": "organisation_id"}

    def sector(self, code: str) -> str:
        if code not in SECTORS:
            raise Http404
        return code

    def thread(self, sector: str, pk: UUID, *, status: int = 200) -> Response:
        user = signed_in(self.request.user)
        post = selectors.get_thread(self.sector(sector), pk, user)
        return self.answer(shapes.ThreadSerializer, selectors.thread_of(post, user), status=status)

    def row(self, code: str) -> Response:
        found = selectors.hub(signed_in(self.request.user))
        row = next(one for one in (*found.mine, *found.others) if one.sector.code == code)
        return self.answer(shapes.NetworkRowSerializer, row)


class NetworksView(NetworkView):
    @operation("networks_list", "The twelve networks", scope=READ, gives=list_of(shapes.NetworkRowSerializer))
    def get(self, request: Request) -> Response:
        """Which you are in, and which you can join."""
        found = selectors.hub(signed_in(request.user))
        return Response({"results": shapes.NetworkRowSerializer([*found.mine, *found.others], many=True).data})


class MembershipView(NetworkView):
    @operation("networks_join", "Join", scope=WRITE, takes=shapes.JoinSerializer, gives=shapes.NetworkRowSerializer)
    def post(self, request: Request, sector: str) -> Response:
        """Officers join any; others by an organisation that was admitted, which it asks for on the pages. Twice is once."""
        given = self.bound(shapes.JoinSerializer)
        user, code = signed_in(request.user), self.sector(sector)
        networks.join(actor=user, sector=code, organisation_id=given["organisation_id"])
        networks.set_mail(actor=user, sector=code, mail=given["mail"])
        return self.row(code)

    @operation("networks_leave", "Leave", scope=WRITE, status=204)
    def delete(self, request: Request, sector: str) -> Response:
        """What you wrote stays."""
        networks.leave(actor=signed_in(request.user), sector=self.sector(sector))
        return Response(status=204)


class PostsView(NetworkView):
    @operation("networks_posts", "Posts", scope=READ, gives=page_of(shapes.PostRowSerializer), query=shapes.PostQuery)
    def get(self, request: Request, sector: str) -> Response:
        """Those that you may read, newest first; hidden ones are left out."""
        asked = self.asked(shapes.PostQuery)
        page = selectors.posts(signed_in(request.user), self.sector(sector), after=asked["after"], size=asked["size"])
        return Response(page_body(page, shapes.PostRowSerializer))

    @operation(
        "networks_post_create",
        "Post or ask",
        scope=WRITE,
        takes=shapes.NewPostSerializer,
        gives=shapes.ThreadSerializer,
        status=201,
    )
    def post(self, request: Request, sector: str) -> Response:
        """Marked AMBER unless you say GREEN. What you saw that is suspicious goes to the police: `sightings_create`."""
        user, code = signed_in(request.user), self.sector(sector)
        policies.can_post(selectors.standing_in(code, user)).require()
        given = self.bound(shapes.NewPostSerializer)
        made = network_posts.post(
            actor=user,
            sector=code,
            given=PostInput(title=given["title"], text=given["text"], kind=given["kind"], marking=given["tlp"]),
        )
        return self.thread(code, made.pk, status=201)


class PostView(NetworkView):
    @operation("networks_post_retrieve", "One post", scope=READ, gives=shapes.ThreadSerializer)
    def get(self, request: Request, sector: str, pk: UUID) -> Response:  # noqa: ARG002 - DRF's signature
        """With its first fifty replies."""
        return self.thread(sector, pk)

    @operation(
        "networks_reply",
        "Reply",
        scope=WRITE,
        takes=shapes.ReplySerializer,
        gives=shapes.ThreadSerializer,
        status=201,
    )
    def post(self, request: Request, sector: str, pk: UUID) -> Response:
        """Under the marking of the post."""
        user, code = signed_in(request.user), self.sector(sector)
        found = selectors.get_thread(code, pk, user)
        policies.can_post(selectors.standing_in(code, user)).require()
        network_posts.reply(actor=user, thread_id=found.pk, text=self.bound(shapes.ReplySerializer)["text"])
        return self.thread(code, pk, status=201)


class HideView(NetworkView):
    @operation("networks_post_hide", "Hide", scope=WRITE, takes=shapes.HideSerializer, status=204, problems=MOVED)
    def post(self, request: Request, sector: str, pk: UUID) -> Response:
        """A post or reply, by a moderator, or by its author who takes it back. It is kept."""
        user, code = signed_in(request.user), self.sector(sector)
        found = get_object_or_404(NetworkPost.objects.visible_to(user), sector=code, pk=pk)
        policies.can_hide(user, selectors.standing_in(code, user), found).require()
        network_posts.hide(actor=user, post_id=found.pk, reason=self.bound(shapes.HideSerializer)["reason"])
        return Response(status=204)
