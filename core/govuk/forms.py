"""The form base classes and the renderer that ``FORM_RENDERER`` names."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting

from core.govuk.bound_field import GovukBoundField
from core.govuk.options import FieldOptions

__all__ = ["GovukForm", "GovukFormMixin", "GovukModelForm", "GovukRenderer"]


class GovukRenderer(TemplatesSetting):
    """Every form of the project and of its libraries is drawn by templates/govuk, whoever wrote it."""

    form_template_name = "govuk/form.html"
    formset_template_name = "govuk/formset.html"
    field_template_name = "govuk/fields/input.html"
    bound_field_class = GovukBoundField


class GovukFormMixin:
    """``govuk`` maps a field's name to its FieldOptions; where it depends on data, set it on the instance.

    The page's ``<form>`` must carry ``novalidate``: the error summary, not the browser, says what is wrong.
    """

    use_required_attribute = False
    bound_field_class: type[BoundField] | None = GovukBoundField
    govuk: Mapping[str, FieldOptions] = {}


class GovukForm(GovukFormMixin, forms.Form):
    """For input that becomes typed values for a service."""


class GovukModelForm(GovukFormMixin, forms.ModelForm):  # type: ignore[type-arg]  # the model is the subclass's
    """Borrows a model's fields and checks. It is never saved: services write."""
