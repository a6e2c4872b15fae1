"""Which count is looked at: period, definition and unit, all of it in the address."""

from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import Optional

from webapp.clock import today
from webapp.domain.catalogues import institution_name, institutions
from webapp.domain.definitions import definition, definitions, standard
from webapp.domain.errors import NotFound
from webapp.domain.programme import unit_name, units
from webapp.models import Period
from webapp.officers.desk import my_reach
from webapp.queries.breakdowns import CountFilter, Dimension
from webapp.queries.officers import Reach
from webapp.queries.periods import period_of, periods
from webapp.queries.registers import stations_listed
from webapp.ui.filters import translated
from webapp.ui.forms import Form, choices, named
from webapp.unit_of_work import db


class ViewForm(Form):
    """Period, unit, institution and definition; an odd value in the address is the default."""

    class Meta(Form.Meta):
        """Looking changes nothing, so it needs no token."""

        csrf = False

    period = SelectField(_l("时期"), validators=[Optional()])
    unit = SelectField(_l("填报单位"), validators=[Optional()])
    institution = SelectField(_l("高校"), validators=[Optional()])
    definition = SelectField(_l("口径"), validators=[Optional()])


class BreakdownForm(ViewForm):
    """The same, and by what to take the count apart."""

    by = SelectField(_l("按什么分"), validators=[Optional()])
    public = SelectField(_l("用途"), validators=[Optional()])


@dataclass(frozen=True)
class View:
    """What is looked at, ready for the queries and for links that keep it."""

    form: ViewForm
    period: Period
    wanted: CountFilter

    @property
    def arguments(self) -> dict[str, str]:
        """Return what links to other views of the same count carry."""
        return {
            "period": self.period.id,
            "definition": self.wanted.definition.id,
            **{
                name: self.form[name].data
                for name in ("unit", "institution")
                if name in self.form and self.form[name].data
            },
        }

    @property
    def whole_city(self) -> bool:
        """Say whether nothing is left out: no unit, no institution."""
        return self.wanted.reach.is_city and not self.wanted.unit

    @property
    def where(self) -> str:
        """Say whose count this is."""
        reach, unit = self.wanted.reach, self.wanted.unit or self.wanted.reach.unit
        named = (translated(unit_name(unit)) if unit else "", institution_name(reach.institution_code))
        return " · ".join(filter(None, named)) or _("全市")


class NoPeriod(NotFound):
    """The programme has not been loaded."""

    message = _l("还没有任何规划时期。请先运行 python -m scripts load-programme 载入时期与目标。")


def asked_view(form_class: type[ViewForm] = ViewForm) -> View:
    """Return the view of the address: today's period, all units and the standard definition at first."""
    listed, reach = periods(db()), my_reach()
    standing = period_of(listed, today())
    if standing is None:
        raise NoPeriod
    form = form_class(request.args)
    form.period.choices = [(period.id, translated(period.name)) for period in listed]
    form.definition.choices = [(one.id, translated(one.name)) for one in definitions().values()]
    form.unit.choices = named(units().values(), _("全市"))
    form.institution.choices = _institutions(form.institution.data)
    if not reach.is_city:
        del form.unit, form.institution
    settle(form, period=standing.id, definition=standard().id, unit="", institution="")
    chosen = next(period for period in listed if period.id == form.period.data)
    wanted = CountFilter(
        period_id=chosen.id,
        reach=Reach(institution_code=form.institution.data or None) if form.institution else reach,
        definition=definition(form.definition.data),
        unit=form.unit.data or None if form.unit else None,
    )
    return View(form, chosen, wanted)


def asked_breakdown() -> tuple[View, Dimension, bool]:
    """Return the view, the dimension it is taken apart by, and whether it is for the public."""
    view = asked_view(BreakdownForm)
    form: Any = view.form
    form.by.choices = choices(Dimension)
    form.public.choices = [("", _("内部查看")), ("1", _("对外发布（隐去小于 5 的数）"))]
    settle(form, by=Dimension.UNIT.value, public="")
    return view, Dimension(form.by.data), form.public.data == "1"


def asked_keys() -> dict[Dimension, str]:
    """Return the values of dimensions in the address, which narrow a figure's rows."""
    return {
        dimension: key
        for dimension in Dimension
        if (key := request.args.get(f"of_{dimension.value}")) is not None
    }


def _institutions(chosen: str | None) -> list[tuple[str, str]]:
    """Return the schools with a station, and the one in the address, which may be any."""
    codes = [station.institution_code for station in stations_listed(db())]
    if chosen and chosen in institutions() and chosen not in codes:
        codes.append(chosen)
    return [("", _("全部高校")), *((code, institution_name(code)) for code in codes)]


def settle(form: ViewForm, **defaults: str) -> None:
    """Let an odd value in the address be the default."""
    for name, default in defaults.items():
        if name in form and form[name].data not in {value for value, _text in form[name].choices}:
            form[name].data = default
