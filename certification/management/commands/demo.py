"""`manage.py demo`: the demonstration's people, places, plans and certificates."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

from accounts.services.demo import create_people


class Command(BaseCommand):
    """What stands above the plans adds its part by name (`DEMO_BUILDERS`)."""

    help = "Build the demonstration: an invented country, told through the services. Harmless to repeat."

    def handle(self, *_args: object, **_options: object) -> None:
        from certification.demo import building, stories  # noqa: PLC0415 - the services need the apps loaded
        from certification.selectors.facts import subject_of  # noqa: PLC0415

        if not settings.DEMO:
            msg = "The demonstration is built where DEMO is on; never in production."
            raise CommandError(msg)
        people = create_people()
        for story in stories.STORIES:
            plan = building.tell(story, people)
            self.stdout.write(f"  {plan.get_state_display():<20} {subject_of(plan)}")
        for name in settings.DEMO_BUILDERS:
            import_string(name)(people, lambda line: self.stdout.write(f"  {line}"))
