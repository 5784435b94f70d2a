"""Something changes about a certified place: a small thing is recorded, a larger one opens a plan."""

from __future__ import annotations

import pytest

from tests.e2e.browsing import WAYS, Inspector, Way, visiting
from tests.e2e.cast import HELD, HOLDER

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
