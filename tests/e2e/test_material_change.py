"""Something changes about a certified place: a small thing is recorded, a larger one opens a plan."""

from __future__ import annotations

import pytest

from tests.e2e import steps
from tests.e2e.browsing import WAYS, Inspector, Visitor, Way, visiting
from tests.e2e.cast import HELD, HOLDER
from tests.e2e.moving import CHANGED, person, place

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_holder_tells_what_has_changed(way: Way, inspector: Inspector) -> None:
    with visiting(inspector, way) as holder:
        holder.sign_in(HOLDER)
        holder.go("/certificates/")
        holder.page.get_by_role("row").filter(has_text=HELD).get_by_role("link").first.click()
        holder.look()
        holder.click("Tell the police that something has changed")
        holder.excuse("422")
        holder.fill("What has changed?", "A new gate on the river side.")
        holder.click("Tell the police")
        assert "Nothing is different from what was certified" in holder.text()
        holder.page.get_by_label("The layout").check()
        holder.click("Tell the police")
        assert "A new gate on the river side." in holder.text()
        holder.click("Open the plan")
        assert "answers stand as they were judged" in holder.text()
        holder.click("Withdraw this plan")
        holder.click("Withdraw the plan")


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_small_change_is_recorded_then_reviewed_and_another_certificate_takes_the_place(
    way: Way, inspector: Inspector
) -> None:
    number = WAYS.index(way)
    with visiting(inspector, way) as holder, visiting(inspector, way) as adviser, visiting(inspector, way) as signer:
        holder.sign_in(person("holder", CHANGED, number))
        certificate, check = steps.find_certificate(holder, place(CHANGED, number))
        holder.click("Tell the police that something has changed")
        holder.look(" another senior individual")
        assert "Nadia New" in holder.text()
        holder.fill("What has changed?", "Nadia New is our chair now.")
        holder.click("Tell the police")
        holder.look(" recorded")
        assert "Your certificate stands." in holder.text()
        change = holder.path

        adviser.sign_in(person("adviser", CHANGED, number), code=steps.code)
        make_it_major(adviser, place(CHANGED, number))
        holder.go(change)
        holder.look(" made major")
        holder.click("Open the plan")
        plan = holder.path
        confirm_what_is_asked(holder)
        review_what_is_asked(adviser, plan)
        signer.sign_in(person("authoriser", CHANGED, number), code=steps.code)
        steps.sign(signer, f"{plan}review/")

        _, new_check = steps.newer_certificate(holder, certificate)
        holder.go(change)
        holder.look(" accepted")
        assert "Reviewed and accepted" in holder.text()
    with visiting(inspector, way) as anybody:
        anybody.go(check)
        assert anybody.heading().strip() == "Not valid: a newer certificate has taken its place"
        anybody.go(new_check)
        assert anybody.heading().strip().startswith("In force today")
        assert "Nadia" not in anybody.page.content()


def make_it_major(adviser: Visitor, name: str) -> None:
    adviser.click("Queue")
    adviser.click("What holders have told of changes")
    adviser.click(name)
    adviser.look(" for the police")
    adviser.excuse("422")
    adviser.click("Make it a major change")
    adviser.look(" class errors")
    assert "Say why you class it anew" in adviser.text()
    adviser.fill("Why?", "Nobody of us has met her yet.")
    adviser.click("Make it a major change")
    assert "The change is classed anew" in adviser.text()


def confirm_what_is_asked(holder: Visitor) -> None:
    """Two questions of nearly a hundred; the rest stands."""
    holder.click("Answer the next question")
    holder.look(" to confirm")
    holder.click("Confirm and go on")
    assert holder.path.endswith("/criteria/GOV-02/")
    holder.click("Next question", exact=False)
    holder.look(" that stands")
    assert "your answer stands as it was judged" in holder.text()
    holder.page.go_back()
    holder.click("Confirm and go on")
    holder.look(" all confirmed")
    assert "Every question is answered." in holder.text()
    assert steps.submit(holder)


def review_what_is_asked(adviser: Visitor, plan: str) -> None:
    adviser.go(f"{plan}review/")
    adviser.click("Claim this plan")
    adviser.look(" of a change")
    assert "2 of " in adviser.text()
    adviser.click("Judge GOV-01")
    adviser.click("Agree with the organiser's level and go on")
    adviser.click("Agree with the organiser's level and go on")
    adviser.go(f"{plan}review/")
    steps.recommend(adviser)
