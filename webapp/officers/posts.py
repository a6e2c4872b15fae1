"""The posts raised: how many, where, and which postings are one post."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import Length, Optional

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me
from webapp.clock import now, today
from webapp.domain.errors import NotFound
from webapp.domain.post_ledger import NOWHERE
from webapp.domain.postings import Kind
from webapp.domain.programme import unit_name
from webapp.domain.roles import DECIDES, Role
from webapp.models import Period, Post, PostQuestion, PostSeparation
from webapp.officers import blueprint
from webapp.officers.desk import asked_file, exports, my_reach, note_deed, whole
from webapp.officers.employers import READERS
from webapp.officers.forms import LONGEST, NEEDED, ConfirmForm, pressed
from webapp.officers.retained import MONTH
from webapp.officers.view import NoPeriod
from webapp.queries import post_ledger as queries
from webapp.queries.periods import period_of, periods, targets
from webapp.queries.post_ledger import PostDimension, PostFilter
from webapp.services import post_verdicts as deeds
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


class SeparationForm(Form):
    """Why a posting is another post."""

    reason = TextAreaField(
        _l("为什么不是同一个岗位"),
        [NEEDED, Length(max=LONGEST)],
        description=_l("写明原因，再点上面要分开的那一条后面的按钮。分开须由第二名工作人员确认。"),
    )


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


@blueprint.route("/posts/<int:post_id>", methods=["GET", "POST"], endpoint="post")
@audience(Role.OFFICER, scopes=READERS)
def one_post(post_id: int) -> ResponseReturnValue:
    """Show a post, its postings and its lines of the ledger; take a word against a merge."""
    found = queries.find_post(db(), my_reach(), post_id)
    if found is None:
        raise NotFound
    form: Any = SeparationForm()
    if request.method == "POST" and _said(form):
        return redirect(url_for("officers.post", post_id=post_id))
    return render_template(
        "officers/post.html",
        form=form,
        post=found,
        offers=queries.offers_of(db(), post_id),
        entries=queries.entries_of(db(), post_id),
        my_id=me().id,
        source_of=source_of,
        unit=name_of(PostDimension.UNIT, found.unit),
    )


@blueprint.get("/posts/questions", endpoint="post_questions")
@audience(Role.OFFICER, scopes=DECIDES)
def questions() -> ResponseReturnValue:
    """List pairs of postings that may be one post, and that nobody has judged."""
    listed = queries.questions_listed(my_reach())
    columns = [
        Column("one", _("招聘信息"), link=_question_url),
        Column("other", _("可能相同的招聘信息")),
        Column("employer", _("用人单位")),
        Column("likeness", _("相似程度"), Shown.PERCENT),
        Column("asked_at", _("发现时间"), Shown.MOMENT),
    ]
    return render_template(
        "officers/list.html",
        title=_("疑似同一岗位"),
        lead=_("系统拿不准的成对招聘信息。判断为同一岗位后只计一次，人数取较大的一个。"),
        back=(_("岗位账本"), url_for("officers.posts")),
        filters=None,
        columns=columns,
        page=key_page(db(), listed, by=[PostQuestion.id], falling=True, read=_question_line),
        exports=None,
    )


@blueprint.get("/posts/separations", endpoint="post_separations")
@audience(Role.OFFICER, scopes=DECIDES)
def separations() -> ResponseReturnValue:
    """List the merges an officer wants undone and a second one has to decide."""
    columns = [
        Column("title", _("招聘信息"), link=lambda line: url_for("officers.post", post_id=line["post_id"])),
        Column("employer", _("用人单位")),
        Column("reason", _("原因")),
        Column("asked_by", _("提出人")),
        Column("asked_at", _("提出时间"), Shown.MOMENT),
    ]
    listed = queries.separations_listed(my_reach())
    return render_template(
        "officers/list.html",
        title=_("申请分开计数"),
        lead=_("有人认为合并错了的招聘信息。分开会增加岗位数，须由提出人以外的一名工作人员确认。"),
        back=(_("岗位账本"), url_for("officers.posts")),
        filters=None,
        columns=columns,
        page=key_page(db(), listed, by=[PostSeparation.id], falling=True, read=_separation_line),
        exports=None,
    )


@blueprint.route("/posts/questions/<int:question_id>", methods=["GET", "POST"], endpoint="post_question")
@audience(Role.OFFICER, scopes=DECIDES)
def question(question_id: int) -> ResponseReturnValue:
    """Show two postings side by side and take the officer's word."""
    found = queries.find_question(db(), my_reach(), question_id)
    if found is None:
        raise NotFound
    form = ConfirmForm()
    if form.validate_on_submit():
        same = request.form.get("verdict") == "same"
        with attempt(form) as tried:
            deeds.judge(db(), by=me(), question_id=question_id, same=same, at=now())
        if tried.done:
            note_deed("judge_posts", f"post_question:{question_id}", same=same)
            flash(_("已按同一个岗位计数。") if same else _("已分别计数，以后不再合并。"))
            return redirect(url_for("officers.post_questions"))
    pair = queries.pair_of(db(), found)
    return render_template(
        "officers/post_question.html", form=form, question=found, pair=pair, source_of=source_of
    )


def _said(form: Any) -> bool:
    """Do what a button of a post's page asks for; say whether it was done."""
    if separation := pressed("separation"):
        verdict = request.form.get("verdict", "")
        deed = deeds.carry_out if verdict == "do" else deeds.drop
        with attempt(form) as tried:
            deed(db(), by=me(), separation_id=separation, at=now())
        if tried.done:
            note_deed("separate_posts", f"post_separation:{separation}", verdict=verdict)
            flash(_("已分开计数。") if verdict == "do" else _("已撤下，仍按同一个岗位计数。"))
        return tried.done
    posting = pressed("posting") or 0
    if not form.validate_on_submit():
        return False
    with attempt(form) as tried:
        deeds.ask_separation(db(), by=me(), posting_id=posting, reason=form.reason.data, at=now())
    if tried.done:
        note_deed("ask_separation", f"posting:{posting}")
        flash(_("已提出，等另一名工作人员确认。在此之前计数不变。"))
    return tried.done


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
    return {
        one.indicator: one.value for one in targets(db(), period.id) if (one.unit, one.year) == ("city", 0)
    }


def name_of(by: PostDimension, key: str) -> str:
    """Say one value of a dimension."""
    match by:
        case PostDimension.UNIT:
            return filters.translated(unit_name(key)) if key != NOWHERE else _("没有写明区")
        case PostDimension.KIND:
            return filters.label(Kind(key))
        case _:
            return filters.month(key) if MONTH.fullmatch(key) else key


def source_of(origin: str) -> str:
    """Say where a posting comes from."""
    kind, _sign, name = origin.partition(":")
    return _("导入：%(name)s", name=name) if kind == "import" else _("单位发布")


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


def _question_url(line: Line) -> str:
    return url_for("officers.post_question", question_id=line["id"])


def _question_line(row: Any) -> Line:
    question, one, other, employer = row
    return {
        "id": question.id,
        "one": one,
        "other": other,
        "employer": employer,
        "likeness": question.likeness,
        "asked_at": question.asked_at,
    }


def _separation_line(row: Any) -> Line:
    asked, post_id, title, employer, asked_by = row
    return {
        "post_id": post_id,
        "title": title,
        "employer": employer,
        "reason": asked.reason,
        "asked_by": asked_by,
        "asked_at": asked.asked_at,
    }
