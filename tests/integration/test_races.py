"""Two people at once, each in a process of their own: one is first, the other is told, nothing is lost."""

from __future__ import annotations

import pytest

from accounts.models import Organisation, User
from certification.models import Answer, Certificate, Decision
from core.models import AuditEvent, OutboxJob
from tests.factories import accounts as people
from tests.factories.certification import draft_plan
from tests.factories.reviews import recommended_plan
from tests.integration.stack import Actor, Stack

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]


def at_once(*actors: Actor) -> list[dict[str, object]]:
    for actor in actors:
        actor.act()
    return [actor.said() for actor in actors]


def test_two_officers_sign_the_same_plan(
    stack: Stack, organisation: Organisation, adviser: User, authoriser: User
) -> None:
    other = people.make_officer("authoriser", name="Ann Other")
    plan = recommended_plan(organisation, reviewer=adviser, level=4)

    said = at_once(*(stack.start_actor("sign", plan=plan.pk, user=user.pk) for user in (authoriser, other)))

    decision = Decision.objects.get(plan=plan)
    won = [one for one in said if "decision" in one]
    lost = [one for one in said if "error" in one]
    assert won == [{"decision": decision.pk}]
    assert [one["error"] for one in lost] == ["Conflict"]
    assert decision.decided_by.name in str(lost[0]["message"])
    assert Certificate.objects.filter(plan=plan).count() == 1
    assert OutboxJob.objects.filter(kind="certificate.render").count() == 1
    assert AuditEvent.objects.filter(chain__key=f"plan:{plan.pk}", action="plan.decided").count() == 1


def test_the_reviewer_signs_while_an_officer_does(
    stack: Stack, organisation: Organisation, adviser: User, authoriser: User
) -> None:
    plan = recommended_plan(organisation, reviewer=adviser, level=4)

    reviewer, officer = at_once(
        *(stack.start_actor("sign", plan=plan.pk, user=user.pk) for user in (adviser, authoriser))
    )

    assert reviewer["error"] == "NotPermitted"
    assert officer == {"decision": Decision.objects.get(plan=plan, decided_by=authoriser).pk}


def test_two_colleagues_save_the_same_answer(stack: Stack, organisation: Organisation, colleague: User) -> None:
    plan = draft_plan(organisation)
    texts = {"Written by the owner.": organisation.created_by, "Written by a colleague.": colleague}

    said = at_once(
        *(
            stack.start_actor("save_answer", plan=plan.pk, user=user.pk, code="GOV-01", account=text, version=0)
            for text, user in texts.items()
        )
    )

    answer = Answer.objects.get(plan=plan, criterion_code="GOV-01")
    won = [one for one in said if "version" in one]
    lost = [text for text, one in zip(texts, said, strict=True) if one.get("error") == "Conflict"]
    assert won == [{"version": 1, "account": answer.account}]
    assert sorted([answer.account, *lost]) == sorted(texts)
    # Whoever lost sees the other's words and saves over them knowingly.
    again = stack.start_actor(
        "save_answer", plan=plan.pk, user=texts[lost[0]].pk, code="GOV-01", account=lost[0], version=answer.version
    )
    assert at_once(again) == [{"version": 2, "account": lost[0]}]
    assert AuditEvent.objects.filter(chain__key=f"plan:{plan.pk}", action="answer.saved").count() == 2
