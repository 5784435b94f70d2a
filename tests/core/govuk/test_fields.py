"""Each control as a reader, a keyboard and a screen reader meet it, empty and wrong."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag
from django import forms

from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions
from core.govuk.styleguide import ExampleForm
from tests.core.govuk.page import attribute, one, soup, words

TEXT_KINDS = ["name", "email", "password", "people", "fee", "area", "account", "evidence", "doors"]
GROUPS = ["kind", "has_building", "hours", "level", "opens_on", "starts_at"]


def drawn(data: dict[str, str] | None = None) -> BeautifulSoup:
    return soup(str(ExampleForm(data)))


def group_of(page: BeautifulSoup, name: str) -> Tag:
    control = page.select(f'[name="{name}"], [name="{name}_day"]')[0]
    found = control.find_parent(class_="govuk-form-group")
    while isinstance(found, Tag) and (outer := found.find_parent(class_="govuk-form-group")):
        found = outer
    assert isinstance(found, Tag)
    return found


@pytest.mark.parametrize("name", TEXT_KINDS)
def test_one_label_names_the_control(name: str) -> None:
    page = drawn()
    control = one(page, f'[name="{name}"]')
    assert words(one(page, f'label[for="{control["id"]}"]')) == str(ExampleForm().fields[name].label)


@pytest.mark.parametrize("name", GROUPS)
def test_a_legend_names_the_group_and_each_part_has_its_label(name: str) -> None:
    page = drawn()
    group = group_of(page, name)
    assert words(one(group, "fieldset > legend")) == str(ExampleForm().fields[name].label)
    inputs = [box for box in group.select("input") if box["name"] != "other"]
    assert len(inputs) >= 2
    for box in inputs:
        assert words(one(page, f'label[for="{box["id"]}"]'))


@pytest.mark.parametrize("name", TEXT_KINDS)
def test_nothing_wrong_leaves_no_trace_of_an_error(name: str) -> None:
    group = group_of(drawn(), name)
    assert group.select('.govuk-error-message, [aria-invalid], [class*="--error"]') == []
    assert "govuk-form-group--error" not in group["class"]


@pytest.mark.parametrize("name", ["name", "email", "password", "people", "area", "account"])
def test_an_error_is_tied_to_its_control(name: str) -> None:
    page = drawn({})
    control = one(page, f'[name="{name}"]')
    assert control["aria-invalid"] == "true"
    described = attribute(control, "aria-describedby").split()
    assert f"id_{name}_error" in described
    assert all(len(page.select(f'[id="{id_}"]')) == 1 for id_ in described)
    assert words(one(page, f"#id_{name}_error")).startswith("Error: ")
    assert any(part.endswith("--error") for part in attribute(control, "class").split())
    assert "govuk-form-group--error" in group_of(page, name)["class"]


@pytest.mark.parametrize("name", GROUPS)
def test_an_error_is_tied_to_its_group(name: str) -> None:
    page = drawn({})
    fieldset = one(group_of(page, name), "fieldset")
    described = attribute(fieldset, "aria-describedby").split()
    assert f"id_{name}_error" in described
    assert all(len(page.select(f'[id="{id_}"]')) == 1 for id_ in described)


def test_hints_come_before_errors_and_both_are_heard() -> None:
    page = drawn({})
    assert attribute(one(page, "#id_name"), "aria-describedby") == "id_name_helptext id_name_error"
    assert (
        attribute(one(page, "#id_account"), "aria-describedby")
        == "id_account_helptext id_account_error id_account-info"
    )


def test_no_id_is_used_twice() -> None:
    ids = [tag["id"] for tag in drawn({}).select("[id]")]
    assert sorted(ids) == sorted(set(ids))


def test_the_browser_is_never_asked_to_check() -> None:
    assert drawn().select("[required]") == []


def test_options_of_the_form_reach_the_control() -> None:
    page = drawn()
    assert attribute(one(page, "#id_name"), "class") == "govuk-input govuk-!-width-two-thirds"
    assert one(page, "#id_name")["autocomplete"] == "organization"
    assert attribute(one(page, "#id_email"), "class") == "govuk-input govuk-input--width-20"
    assert (one(page, "#id_email")["type"], one(page, "#id_email")["spellcheck"]) == ("email", "false")
    assert words(one(group_of(page, "people"), ".govuk-input__suffix")) == "people"
    assert words(one(group_of(page, "fee"), ".govuk-input__prefix")) == "£"
    assert "govuk-radios--inline" in attribute(one(group_of(page, "has_building"), ".govuk-radios"), "class")
    assert "govuk-checkboxes--small" in attribute(one(group_of(page, "hours"), ".govuk-checkboxes"), "class")


def test_a_number_is_typed_and_not_spun() -> None:
    whole, money = one(drawn(), "#id_people"), one(drawn(), "#id_fee")
    assert (whole["type"], whole["inputmode"]) == ("text", "numeric")
    assert (money["type"], money["inputmode"]) == ("text", "decimal")
    assert not {"min", "max", "step"} & set(whole.attrs)


def test_a_wrong_number_comes_back_as_typed() -> None:
    assert one(drawn({"people": "about 80"}), "#id_people")["value"] == "about 80"


def test_a_long_answer_is_counted_and_not_cut() -> None:
    page = drawn()
    area = one(page, "textarea#id_account")
    group = group_of(page, "account")
    assert (group["data-module"], group["data-maxlength"]) == ("govuk-character-count", "500")
    assert "maxlength" not in area.attrs
    assert area["rows"] == "4"
    assert words(one(page, "#id_account-info")) == "You can enter up to 500 characters"
    assert "govuk-js-character-count" in area["class"]


def test_words_can_be_counted_instead() -> None:
    class Form(GovukForm):
        story = forms.CharField(widget=forms.Textarea)
        govuk = {"story": FieldOptions(count_words=1)}

    page = soup(str(Form()))
    assert one(page, ".govuk-character-count")["data-maxwords"] == "1"
    assert words(one(page, "#id_story-info")) == "You can enter up to 1 word"


def test_an_option_carries_its_hint() -> None:
    page = drawn()
    tested = one(page, '[name="level"][value="4"]')
    assert (
        words(one(page, f"#{tested['aria-describedby']}"))
        == "As before, and timed with staff in the last twelve months."
    )
    assert len(group_of(page, "level").select(".wm-cards .wm-cards__item")) == 5


def test_a_field_under_an_option_is_drawn_once_and_there() -> None:
    page = drawn()
    option = one(page, '[name="kind"][value="other"]')
    under = one(page, f"#{option['data-reveals']}")
    assert "govuk-radios__conditional--hidden" in under["class"]
    assert one(page, '[name="other"]').find_parent(id=option["data-reveals"]) is under


def test_a_field_under_the_chosen_option_is_open() -> None:
    page = drawn({"kind": "other"})
    option = one(page, '[name="kind"][value="other"]')
    assert "checked" in option.attrs
    assert attribute(one(page, f"#{option['data-reveals']}"), "class") == "govuk-radios__conditional"


def test_a_divider_stands_before_the_last_way_out() -> None:
    class Form(GovukForm):
        way = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "A"), ("none", "None of these")])
        govuk = {"way": FieldOptions(divider_before="none")}

    page = soup(str(Form()))
    after = one(page, ".govuk-radios__divider").find_next("input")
    assert isinstance(after, Tag)
    assert after["value"] == "none"


def test_a_single_box_is_named_by_its_own_label() -> None:
    page = drawn({})
    box = one(page, "#id_declaration")
    assert words(one(page, 'label[for="id_declaration"]')) == "What I have written is true as far as I know"
    assert attribute(box, "aria-describedby") == "id_declaration_error id_declaration_helptext"
    assert words(one(group_of(page, "declaration"), "legend")) == "Declaration"
    assert (
        words(one(page, "#id_declaration_error"))
        == "Error: Tick “What I have written is true as far as I know” to go on"
    )


def test_a_password_can_be_shown_by_script_alone_and_is_never_sent_back() -> None:
    page = drawn({"password": "hunter2hunter2"})
    box = one(page, "#id_password")
    assert (box["type"], box.get("value"), box["autocapitalize"]) == ("password", None, "none")
    button = one(group_of(page, "password"), "button")
    assert (button["type"], button["aria-controls"], "hidden" in button.attrs) == ("button", "id_password", True)


def test_a_page_of_one_question_has_its_heading_in_the_label() -> None:
    form = ExampleForm()
    for name, selector in (("name", "h1 > label"), ("kind", "legend > h1"), ("opens_on", "legend > h1")):
        field = form[name].with_options(heading=True, label_size="xl")  # type: ignore[attr-defined]  # our bound field
        page = soup(field.as_field_group())
        assert words(one(page, selector)) == str(form.fields[name].label)
        assert page.select('[class*="--xl"]') != []


def test_an_option_nobody_knows_is_refused() -> None:
    with pytest.raises(TypeError, match="sise"):
        ExampleForm()["name"].with_options(sise="xl")  # type: ignore[attr-defined]  # our bound field


def test_forms_of_other_packages_are_drawn_alike() -> None:
    class Theirs(forms.Form):
        login = forms.CharField(label="E-mail")
        remember = forms.BooleanField(required=False)
        token = forms.CharField(widget=forms.HiddenInput)

    page = soup(str(Theirs({})))
    assert attribute(one(page, "#id_login"), "class") == "govuk-input govuk-input--error"
    assert "required" not in one(page, "#id_login").attrs
    assert attribute(one(page, "#id_remember"), "class") == "govuk-checkboxes__input"
    hidden = one(page, "#id_token")
    assert (hidden["type"], hidden.get("class"), hidden.find_parent(class_="govuk-form-group")) == (
        "hidden",
        None,
        None,
    )


def test_a_prefix_keeps_two_forms_apart() -> None:
    page = soup(str(ExampleForm(prefix="a")) + str(ExampleForm(prefix="b")))
    ids = [tag["id"] for tag in page.select("[id]")]
    assert sorted(ids) == sorted(set(ids))


def test_what_a_person_typed_is_escaped() -> None:
    html = str(ExampleForm({"name": '"><script>x</script>', "opens_on_day": '"><b>'}))
    assert "<script>" not in html
    assert "<b>" not in html


def test_nothing_inline() -> None:
    page = drawn({})
    assert page.select("[style], script:not([src]), style") == []
    assert [a for tag in page.find_all(True) for a in tag.attrs if a.startswith("on")] == []
