"""Every link of the box at the top lands on something that takes focus."""

from __future__ import annotations

import pytest
from django import forms
from django.forms import formset_factory

from core.govuk.errors import ErrorLine, error_lines
from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions
from core.govuk.styleguide import ExampleForm
from tests.core.govuk.page import attribute, draw, one, words


class Small(GovukForm):
    name = forms.CharField(label="Name of the venue")
    secret = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> None:
        self.add_error(None, "These do not go together")


def test_every_link_leads_to_a_control() -> None:
    page = draw("{% govuk_error_summary form %}{{ form }}", form=ExampleForm({}))
    links = [attribute(a, "href") for a in page.select(".govuk-error-summary a")]
    assert len(links) == 13
    for link in links:
        assert one(page, f'[id="{link[1:]}"]').name in {"input", "select", "textarea"}


def test_groups_lead_to_their_first_option() -> None:
    links = {line.message: line.link for line in error_lines([ExampleForm({})])}
    assert links["Select an answer to “What kind of place is it?”"] == "id_kind_0"
    assert links["Select an answer to “When do people come?”"] == "id_hours_0"
    assert links["Enter an answer to “When does it open?”"] == "id_opens_on_day"


def test_words_for_what_is_missing_come_from_the_label() -> None:
    class Form(GovukForm):
        full_name = forms.CharField()
        bbc_pass = forms.CharField(label="BBC pass number")
        area = forms.ChoiceField(label="Police area", choices=[("n", "North")])
        plan = forms.FileField(label="Floor plan")
        reason = forms.CharField(label="Why?", error_messages={"required": "Say why"})

    assert [line.message for line in error_lines([Form({})])] == [
        "Enter full name",
        "Enter BBC pass number",
        "Select police area",
        "Choose a file: floor plan",
        "Say why",
    ]


def test_errors_of_no_field_come_first_and_lead_nowhere() -> None:
    assert error_lines([Small({})]) == [
        ErrorLine("These do not go together", ""),
        ErrorLine("Enter name of the venue", "id_name"),
        ErrorLine("Enter secret", ""),
    ]


def test_several_forms_formsets_lists_and_nothing() -> None:
    formset = formset_factory(ExampleForm, extra=0, validate_min=True, min_num=1)(
        {"form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"}, prefix="form"
    )
    page = draw(
        "{% govuk_error_summary first second formset nothing words %}",
        first=Small({"secret": "x"}, prefix="first"),
        second=Small({"secret": "x"}, prefix="second"),
        formset=formset,
        nothing=None,
        words=["The file was held"],
    )
    lines = [words(li) for li in page.select("li")]
    assert lines[-2:] == ["Please submit at least 1 form.", "The file was held"]
    assert [a["href"] for a in page.select("a")] == ["#id_first-name", "#id_second-name"]


def test_no_error_draws_nothing() -> None:
    assert draw("{% govuk_error_summary form %}", form=ExampleForm()).get_text().strip() == ""


def test_a_source_of_another_kind_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="not int"):
        error_lines([3])


def test_messages_are_escaped() -> None:
    form = Small({"name": "x", "secret": "y"})
    form.add_error("name", "<script>x</script>")
    html = str(draw("{% govuk_error_summary form %}{{ form }}", form=form))
    assert "<script>" not in html


def test_a_legend_of_its_own_words_the_error() -> None:
    class Form(GovukForm):
        kind = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "A")])
        govuk = {"kind": FieldOptions(legend="Kind of place")}

    assert [line.message for line in error_lines([Form({})])] == ["Select kind of place"]
