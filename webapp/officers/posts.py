"""The posts raised: how many, of which kind, where and when; ``post_merges.py`` says what is one post."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import Optional

from webapp.auth.access import audience
from webapp.clock import today
from webapp.domain.errors import NotFound
from webapp.domain.post_ledger import NOWHERE
from webapp.domain.postings import Kind
from webapp.domain.programme import CITY, unit_name
from webapp.domain.roles import Role
from webapp.models import Period, Post
from webapp.officers import blueprint
from webapp.officers.desk import asked_file, exports, my_reach, whole
from webapp.officers.employers import READERS
from webapp.officers.retained import MONTH
from webapp.officers.view import NoPeriod
from webapp.queries import post_ledger as queries
from webapp.queries.periods import period_of, periods, targets
from webapp.queries.post_ledger import PostDimension, PostFilter
from webapp.ui import filters
from webapp.ui.forms import Form, choices
from webapp.ui.keyset import key_page
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

Line = dict[str, Any]
WELL_PAID = "well_paid"


class PostsForm(Form):
    """Which period, and by what it is taken apart; an odd value in the address is the default."""

    class Meta(Form.Meta):
        """Looking changes nothing, so it needs no token."""

        csrf = False

    period = SelectField(_l("时期"), validators=[Optional()])
    by = SelectField(_l("按什么分"), validators=[Optional()])


@blueprint.get("/posts", endpoint="posts")
@audience(Role.OFFICER, scopes=READERS)
def overview() -> ResponseReturnValue:
    """Show a period's posts against their targets, by unit, kind or month."""
    form, period = _asked()
    by, wanted = PostDimension(form.by.data), PostFilter(period.id, my_reach())
    rows = queries.post_breakdown(db(), wanted, by)
    total = queries.post_totals(db(), wanted)
    columns = _columns(by, period)
    lines = [{**asdict(row), "name": name_of(by, row.key)} for row in rows]
    sums = {**asdict(total), "name": _("合计")}
    return asked_file(columns, [*lines, sums], name=_("岗位账本")) or render_template(
        "officers/posts.html",
        form=form,
        period=period,
        total=total,
        targets=_targets(period) if my_reach().is_city else {},
        rows_url=rows_url,
        columns=columns,
        lines=lines,
        totals=sums,
        title=_("岗位数，按%(by)s", by=filters.label(by)),
        waiting=queries.waiting_numbers(db(), my_reach()),
        exports=exports(),
    )


@blueprint.get("/posts/rows", endpoint="post_rows")
@audience(Role.OFFICER, scopes=READERS)
def rows() -> ResponseReturnValue:
    """List the posts behind a figure."""
    _form, period = _asked()
    keys = _asked_keys()
    wanted = PostFilter(period.id, my_reach(), keys, request.args.get(WELL_PAID) == "1")
    listed, columns = queries.posts_listed(wanted), _row_columns()
    said = [name_of(by, key) for by, key in keys.items()] + ([_("高薪优岗")] if wanted.well_paid else [])
    return asked_file(columns, whole(listed, _line), name=_("岗位明细")) or render_template(
        "officers/list.html",
        title=_("岗位明细"),
        lead=" · ".join([filters.translated(period.name), *said]),
        back=(_("岗位账本"), url_for("officers.posts", period=period.id)),
        filters=None,
        columns=columns,
        page=key_page(db(), listed, by=[Post.id], falling=True, size=50, read=_line),
        exports=exports(),
    )


def _asked() -> tuple[Any, Period]:
    listed = periods(db())
    standing = period_of(listed, today())
    if standing is None:
        raise NoPeriod
    form: Any = PostsForm(request.args)
    form.period.choices = [(period.id, filters.translated(period.name)) for period in listed]
    form.by.choices = choices(PostDimension)
    for name, default in {"period": standing.id, "by": PostDimension.UNIT.value}.items():
        if form[name].data not in {value for value, _text in form[name].choices}:
            form[name].data = default
    return form, next(period for period in listed if period.id == form.period.data)


def _asked_keys() -> dict[PostDimension, str]:
    keys = {by: key for by in PostDimension if (key := request.args.get(by.value)) is not None}
    if keys.get(PostDimension.KIND) not in {None, *Kind}:
        raise NotFound
    return keys


def _targets(period: Period) -> Mapping[str, Any]:
    return {one.indicator: one.value for one in targets(db(), period.id) if (one.unit, one.year) == (CITY, 0)}


def name_of(by: PostDimension, key: str) -> str:
    """Say one value of a dimension."""
    match by:
        case PostDimension.UNIT:
            return filters.translated(unit_name(key)) if key != NOWHERE else _("没有写明区")
        case PostDimension.KIND:
            return filters.label(Kind(key))
        case _:
            return filters.month(key) if MONTH.fullmatch(key) else key


def rows_url(period: Period, *, well_paid: bool = False, **keys: str) -> str:
    """Return the address of the posts behind a figure."""
    narrowed: dict[str, Any] = {**keys, **({WELL_PAID: "1"} if well_paid else {})}
    return url_for("officers.post_rows", period=period.id, **narrowed)


def _columns(by: PostDimension, period: Period) -> list[Column]:
    def link(*, well_paid: bool) -> Any:
        def address(line: Line) -> str | None:
            keys = {by.value: line["key"]} if line["name"] != _("合计") else {}
            there = line["well_paid"] if well_paid else line["total"]
            return rows_url(period, well_paid=well_paid, **keys) if there else None

        return address

    return [
        Column("name", filters.label(by)),
        Column("total", _("岗位数"), Shown.NUMBER, link=link(well_paid=False)),
        Column("well_paid", _("其中高薪优岗"), Shown.NUMBER, link=link(well_paid=True)),
    ]


def _row_columns() -> list[Column]:
    def link(line: Line) -> str:
        return url_for("officers.post", post_id=line["id"])

    return [
        Column("title", _("岗位"), link=link),
        Column("employer", _("用人单位")),
        Column("kind", _("岗位类型")),
        Column("unit", _("填报单位")),
        Column("month", _("首次发布的月份")),
        Column("headcount", _("岗位数"), Shown.NUMBER),
        Column("well_paid", _("其中高薪优岗"), Shown.NUMBER),
    ]


def _line(row: Any) -> Line:
    post, title, employer = row
    return {
        "id": post.id,
        "title": title,
        "employer": employer,
        "kind": post.kind,
        "unit": name_of(PostDimension.UNIT, post.unit),
        "month": filters.month(post.month),
        "headcount": post.headcount,
        "well_paid": post.well_paid,
    }
