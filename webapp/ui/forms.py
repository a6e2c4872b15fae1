"""Forms that lose nothing a person typed and say what is wrong in words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any, Protocol

from flask import request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import ImmutableMultiDict
from wtforms import Field, PasswordField, SelectMultipleField, StringField
from wtforms.csrf.core import CSRFTokenField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.domain.accounts import LoginNameInvalid, NameInvalid, normal_login, normal_name
from webapp.domain.errors import PlatformError
from webapp.ui.filters import label, spoken, translated

MONTH = re.compile(r"([0-9]{4})\s*[-－—/.．年]\s*([0-9]{1,2})\s*月?")
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Signs nobody types: control codes (PostgreSQL keeps no NUL), reversed writing, halves of signs."""
YEARS = range(1950, 2101)
"""Years somebody may mean; beyond them reckoning with dates soon leaves the calendar."""


class Form(FlaskForm):
    """A form whose texts arrive without the blanks around them."""

    class Meta(FlaskForm.Meta):
        """What every form of ours does with every field."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Strip every text field but passwords, unless the field brings its own filters.

            The token has no id: a page may hold several forms.
            """
            kind = unbound_field.field_class
            if issubclass(kind, CSRFTokenField):
                options.setdefault("render_kw", {"id": False})
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                options.setdefault("filters", [strip])
            return super().bind_field(form, unbound_field, options)

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Take what a browser's form sends and nothing else: JSON has types that no field expects."""
            if form.is_submitted() and request.is_json:
                return ImmutableMultiDict()
            return super().wrap_formdata(form, formdata)

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Check every field by its own rules, and that a date is one somebody may mean."""
        valid: bool = super().validate(extra_validators)
        odd = [field for field in self if isinstance(field.data, date) and field.data.year not in YEARS]
        for field in odd:
            field.errors = [*field.errors, _odd_year()]
        return valid and not odd


class MobileOrEmail:
    """Accept a mainland mobile number or an e-mail address."""

    def __call__(self, _form: Any, field: Field) -> None:
        """Refuse anything else, saying what is expected."""
        try:
            normal_login(field.data or "")
        except LoginNameInvalid as refusal:
            raise ValidationError(
                _("请填写 11 位手机号，或完整的邮箱地址，例如 name@example.com。")
            ) from refusal


class PersonName:
    """Accept the name of a person, or one that stands already."""

    def __call__(self, _form: Any, field: Field) -> None:
        """Refuse anything else, saying what is expected."""
        if field.data == field.object_data:
            return
        try:
            normal_name(field.data or "")
        except NameInvalid as refusal:
            raise ValidationError(spoken(refusal.message, refusal.facts)) from refusal


class CheckboxesField(SelectMultipleField):
    """Several choices from a short list, as checkboxes in a fieldset."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class MonthField(StringField):
    """A month as ``2026-06``, 2026年6月 or 2026.6; ``month`` is its first day, or nothing."""

    @property
    def month(self) -> date | None:
        """Return the first day of the month, nothing where none is given."""
        if not self.data:
            return None
        found = MONTH.fullmatch(self.data)
        if found is None:
            raise ValueError(self.data)
        return date(int(found[1]), int(found[2]), 1)

    def pre_validate(self, _form: Any) -> None:
        """Refuse what is not a month."""
        try:
            month = self.month
        except ValueError:
            raise ValidationError(_("请按“年-月”填写，例如 2026-06。")) from None
        if month and month.year not in YEARS:
            raise ValidationError(_odd_year())


def strip(value: str | None) -> str | None:
    """Drop the blanks around a text, the full-width one included, and signs nobody can see."""
    return UNSEEN.sub("", value).strip(" \t\r\n\u3000\u200b\ufeff") if isinstance(value, str) else value


def _odd_year() -> str:
    return _("年份有误，请填写 %(first)d 年到 %(last)d 年之间的日期。", first=YEARS[0], last=YEARS[-1])


def choices(members: Iterable[Enum], blank: str | None = None) -> list[tuple[str, str]]:
    """Return the choices of a select field in the reader's language, ``blank`` first if given."""
    listed = [(str(member.value), label(member)) for member in members]
    return [("", blank), *listed] if blank is not None else listed


class Named(Protocol):
    """An entry of a catalogue: a district, a unit, a cluster."""

    @property
    def code(self) -> str:
        """Return the code that is kept."""

    @property
    def name(self) -> str:
        """Return the name people read."""


def named(entries: Iterable[Named], blank: str | None = None) -> list[tuple[str, str]]:
    """Return a catalogue's entries as choices in the reader's language, ``blank`` first if given."""
    listed = [(entry.code, translated(entry.name)) for entry in entries]
    return [("", blank), *listed] if blank is not None else listed


def refuse(form: FlaskForm, error: PlatformError, field: str | None = None) -> None:
    """Put a refusal into the form, so that it is shown with everything typed still there."""
    sentence = spoken(error.message, error.facts)
    if field:
        form[field].errors = [*form[field].errors, sentence]
    else:
        form.form_errors = [*form.form_errors, sentence]
