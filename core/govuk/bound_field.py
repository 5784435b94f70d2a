"""A field with its place on the page: which template draws it, what its ids are, what its errors say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.widgets import Widget
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.govuk.fields import WRONG_PARTS
from core.govuk.options import DEFAULT, FieldOptions
from core.govuk.widgets import DateInput, NumberText, PartBox

__all__ = ["ChoiceRow", "GovukBoundField"]

# CheckboxSelectMultiple is a subclass of RadioSelect in Django, and several others nest: the first match wins.
_KINDS: tuple[tuple[type[Widget], str], ...] = (
    (forms.HiddenInput, "hidden"),
    (forms.MultipleHiddenInput, "hidden"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (DateInput, "date"),
    (forms.Textarea, "textarea"),
    (forms.Select, "select"),
    (forms.PasswordInput, "password"),
    (forms.FileInput, "file"),
)
_CONTROL_CLASS = {
    "input": "govuk-input",
    "password": "govuk-input govuk-password-input__input govuk-js-password-input-input",
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "file": "govuk-file-upload",
    "checkbox": "govuk-checkboxes__input",
}
_ROWS = 5
_GROUPS = frozenset({"radios", "checkboxes", "date"})
_CHOSEN = frozenset({"radios", "checkboxes", "select", "checkbox"})


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """One radio or checkbox as the template draws it."""

    id: str
    value: str
    label: Any
    hint: Any
    checked: bool
    disabled: bool
    divider: bool
    revealed: tuple[GovukBoundField, ...]


class GovukBoundField(BoundField):
    """Any Django field with any stock widget; what it looks like comes from the form's ``govuk`` mapping."""

    options_override: FieldOptions | None = None

    def with_options(self, **changes: Any) -> GovukBoundField:
        """The same field drawn otherwise in one place; an unknown name is a TypeError, not silence."""
        other = type(self)(self.form, self.field, self.name)
        other.options_override = replace(self.options, **changes)
        return other

    @property
    def options(self) -> FieldOptions:
        if self.options_override is not None:
            return self.options_override
        of_form: Mapping[str, FieldOptions] = getattr(self.form, "govuk", {})
        return of_form.get(self.name, DEFAULT)

    @cached_property
    def kind(self) -> str:
        return next((kind for widget, kind in _KINDS if isinstance(self.field.widget, widget)), "input")

    @property
    def template_name(self) -> str:
        return getattr(self.field, "template_name", None) or f"govuk/fields/{self.kind}.html"

    # Ids ------------------------------------------------------------------------------------------------------------

    @property
    def control_id(self) -> str:
        return str(self.field.widget.attrs.get("id") or self.auto_id)

    @property
    def hint_id(self) -> str:
        return f"{self.control_id}_helptext"

    @property
    def error_id(self) -> str:
        return f"{self.control_id}_error"

    @property
    def info_id(self) -> str:
        """The character count's script looks for exactly this ending."""
        return f"{self.control_id}-info"

    @property
    def aria_describedby(self) -> str | None:
        if self.field.widget.attrs.get("aria-describedby"):
            return None
        if not self.control_id or self.is_hidden:
            return None
        hint_is_option = self.kind == "checkbox"
        ids = [
            (self.hint_id, bool(self.help_text) and not hint_is_option),
            (self.error_id, bool(self.errors)),
            (self.info_id, self.counts),
        ]
        return " ".join(id_ for id_, there in ids if there) or None

    @property
    def link_id(self) -> str:
        """Where a link of the error summary must land: an element that exists and takes focus."""
        if not self.control_id or self.is_hidden:
            return ""
        if isinstance(self.field.widget, DateInput):
            wrong = [part for part in self.field.widget.parts if part in self.wrong_parts]
            return self.field.widget.id_for_label(self.control_id, wrong[0] if wrong else "")
        if self.kind in {"radios", "checkboxes"}:
            return self.choices[0].id if self.choices else ""
        return self.control_id

    # Drawing --------------------------------------------------------------------------------------------------------

    def as_widget(
        self,
        widget: Widget | None = None,
        attrs: dict[str, Any] | None = None,
        only_initial: bool = False,  # noqa: FBT001, FBT002 - Django's own signature
    ) -> SafeString:
        if widget is None and isinstance(self.field.widget, forms.NumberInput):
            widget = NumberText.instead_of(self.field.widget)
        return super().as_widget(widget, attrs, only_initial)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        """Adds the design system's classes and drops ``required``: the browser's own bubbles are not accessible."""
        built = super().build_widget_attrs(attrs, widget)
        built.pop("required", None)
        stranger = widget is not None and widget is not self.field.widget and not isinstance(widget, NumberText)
        if stranger or self.kind in _GROUPS or self.kind == "hidden":
            return built
        built["class"] = " ".join(filter(None, [str(self.field.widget.attrs.get("class", "")), *self._classes()]))
        built.update(self._option_attrs())
        if self.kind == "checkbox" and self.help_text:
            built["aria-describedby"] = " ".join(filter(None, [self.aria_describedby, self.hint_id]))
        return built

    def _classes(self) -> list[str]:
        base = _CONTROL_CLASS.get(self.kind, "govuk-input")
        classes = [base]
        if self.options.width:
            width = self.options.width
            classes.append(f"govuk-input--width-{width}" if width.isdigit() else f"govuk-!-width-{width}")
        if self.errors and self.kind != "checkbox":
            classes.append(f"{base.split(' ', maxsplit=1)[0]}--error")
        if self.counts:
            classes.append("govuk-js-character-count")
        return classes

    def _option_attrs(self) -> dict[str, Any]:
        options = self.options
        attrs: dict[str, Any] = {}
        if options.autocomplete:
            attrs["autocomplete"] = options.autocomplete
        if options.inputmode:
            attrs["inputmode"] = options.inputmode
        elif isinstance(self.field.widget, forms.NumberInput):
            attrs["inputmode"] = (
                "decimal" if isinstance(self.field, forms.FloatField | forms.DecimalField) else "numeric"
            )
        if options.spellcheck is not None:
            attrs["spellcheck"] = "true" if options.spellcheck else "false"
        elif self.kind == "password" or isinstance(self.field.widget, forms.EmailInput):
            attrs |= {"spellcheck": "false", "autocapitalize": "none"}
        if self.kind == "textarea":
            attrs["rows"] = options.rows or _ROWS
            attrs["cols"] = False
            if self.counts:
                attrs["maxlength"] = False  # a paste over the limit must be kept and explained, never cut short
        return attrs

    @cached_property
    def choices(self) -> list[ChoiceRow]:
        options = self.options
        return [self._choice(subwidget.data, options) for subwidget in self.subwidgets]

    def _choice(self, data: dict[str, Any], options: FieldOptions) -> ChoiceRow:
        value = str(data["value"])
        return ChoiceRow(
            id=data["attrs"].get("id", ""),
            value=value,
            label=data["label"],
            hint=options.hints.get(value, ""),
            checked=bool(data["selected"]),
            disabled=bool(data["attrs"].get("disabled")),
            divider=bool(options.divider_before) and options.divider_before == value,
            revealed=tuple(self.form[name] for name in options.reveal.get(value, ())),  # type: ignore[misc]  # bound_field_class is ours
        )

    @property
    def boxes(self) -> list[PartBox]:
        if not isinstance(self.field.widget, DateInput):
            return []
        return self.field.widget.boxes(
            name=self.html_name,
            auto_id=self.control_id,
            value=self.value(),
            wrong=self.wrong_parts,
            birthday=self.options.autocomplete == "bday",
        )

    @property
    def is_revealed(self) -> bool:
        """Drawn under another field's option, so the form's own list leaves it out."""
        of_form: Mapping[str, FieldOptions] = getattr(self.form, "govuk", {})
        return any(self.name in names for options in of_form.values() for names in options.reveal.values())

    @property
    def counts(self) -> bool:
        return self.kind == "textarea" and bool(self.options.count_words or (self.options.count and self.max_length))

    @property
    def max_length(self) -> int | None:
        return getattr(self.field, "max_length", None)

    # Errors ---------------------------------------------------------------------------------------------------------

    @property
    def wrong_parts(self) -> frozenset[str]:
        """Boxes of a date to mark. An error that does not say (required, or raised elsewhere) means all of them."""
        if not self.errors or not isinstance(self.field.widget, DateInput):
            return frozenset()
        parts: set[str] = set()
        for error in self.errors.as_data():
            parts.update((error.params or {}).get(WRONG_PARTS, self.field.widget.parts))
        return frozenset(parts)

    @property
    def messages(self) -> list[str]:
        """The errors in words. Django's "This field is required." is replaced by what to do."""
        return [self._words(error) for error in self.errors.as_data()]

    def _words(self, error: ValidationError) -> str:
        text = str(next(iter(error.messages)))
        if error.code != "required" or text != str(forms.Field.default_error_messages["required"]):
            return text
        # A checkbox's legend is a heading over it; what is to be ticked is its own label.
        label = str(self.label if self.kind == "checkbox" else self.options.legend or self.label).strip()
        if label.endswith("?"):
            return (_("Select an answer to “%s”") if self.kind in _CHOSEN else _("Enter an answer to “%s”")) % label
        if self.kind == "checkbox":
            return _("Tick “%s” to go on") % label
        label = _lower_first(label)
        if self.kind in _CHOSEN:
            return _("Select %s") % label
        return (_("Choose a file: %s") if self.kind == "file" else _("Enter %s")) % label


def _lower_first(label: str) -> str:
    """Leaves ``BBC pass`` and ``E-mail``'s kin alone: only a capital followed by a small letter is lowered."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
