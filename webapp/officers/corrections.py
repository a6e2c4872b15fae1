"""Corrections of the ledger: asked by one officer, carried out or dropped by another."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me
from webapp.clock import now, today
from webapp.domain.catalogues import districts
from webapp.domain.errors import NotFound
from webapp.domain.programme import unit_name
from webapp.domain.retention import EntryKind
from webapp.domain.roles import DECIDES, Role, Scope
from webapp.models import Graduate, LedgerCorrection
from webapp.officers import blueprint
from webapp.officers.desk import my_reach, note_deed, note_look
from webapp.officers.forms import LONGEST, MOST_ID, NEEDED, ConfirmForm, pressed
from webapp.officers.ledger import KEY_SHOWN
from webapp.queries.officers import find_placement
from webapp.queries.persons import aliases_of, corrections_listed, count_behind, same_person_candidates
from webapp.services import corrections as deeds
from webapp.ui import filters
from webapp.ui.forms import Form, named
from webapp.ui.paging import paginate
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

CITY = frozenset({Scope.CITY})


class ReasonForm(Form):
    """Why something is to be put right."""

    reason = TextAreaField(_l("原因和依据"), [NEEDED, Length(max=LONGEST)])


class PersonForm(ReasonForm):
    """Which other account is the same human, where the names differ."""

    other = IntegerField(
        _l("另一个账号的编号"),
        [Optional(), NumberRange(min=1, max=MOST_ID, message=_l("没有这个编号的账号。"))],
        description=_l("姓名写法不同（例如护照上的拼音）时填写；编号在对方的这个页面上。"),
    )


class MoveForm(ReasonForm):
    """Where the work has moved to, and when."""

    district = SelectField(_l("新的工作地点"), [InputRequired(_l("请选择新的工作地点。"))])
    moved_on = DateField(_l("变动日期"), [InputRequired(_l("请填写变动日期。"))])


@blueprint.get("/corrections", endpoint="corrections")
@audience(Role.OFFICER, scopes=DECIDES)
def listed() -> ResponseReturnValue:
    """List the corrections in reach, those that wait first."""
    return render_template(
        "officers/corrections.html",
        columns=_columns(),
        page=paginate(db(), corrections_listed(my_reach()), read=_line),
    )


@blueprint.route("/corrections/<int:correction_id>", methods=["GET", "POST"])
@audience(Role.OFFICER, scopes=DECIDES)
def correction(correction_id: int) -> ResponseReturnValue:
    """Show what was asked and what it would mean, and take the second officer's word."""
    wanted = corrections_listed(my_reach()).where(LedgerCorrection.id == correction_id)
    found = db().execute(wanted).one_or_none()
    if found is None:
        raise NotFound
    asked, asked_by, _decided_by = found
    form = ConfirmForm()
    if form.validate_on_submit():
        deed = deeds.carry_out if request.form.get("verdict") == "do" else deeds.drop
        with attempt(form) as tried:
            deed(db(), by=me(), correction_id=asked.id, at=now())
        if tried.done:
            note_deed("correct_ledger", f"correction:{asked.id}", verdict=request.form.get("verdict"))
            flash(_("更正已办理，账本追加了记录。") if asked.done else _("更正已撤下，账本没有变动。"))
            return redirect(url_for("officers.corrections"))
    return render_template(
        "officers/correction.html",
        form=form,
        correction=asked,
        asked_by=asked_by,
        own=asked.asked_by_id == me().id,
        title=filters.label(_titled(asked)),
        facts=_facts(asked),
        means=_means(asked),
    )


@blueprint.route("/placements/<int:placement_id>/move", methods=["GET", "POST"])
@audience(Role.OFFICER, scopes=DECIDES)
def move(placement_id: int) -> ResponseReturnValue:
    """Ask that a count follow its person to another unit."""
    found = find_placement(db(), my_reach(), placement_id)
    form: Any = MoveForm(moved_on=today())
    form.district.choices = named(districts().values(), _("请选择"))
    if form.validate_on_submit():
        with attempt(form) as tried:
            deeds.ask_move(
                db(),
                by=me(),
                placement_id=found.id,
                district=form.district.data,
                on=form.moved_on.data,
                reason=form.reason.data,
                at=now(),
            )
        if tried.done:
            return _asked()
    note_look(found.graduate_id, "placement_opened")
    return render_template("officers/move.html", form=form, placement=found)


@blueprint.route("/graduates/<int:graduate_id>/same-person", methods=["GET", "POST"])
@audience(Role.OFFICER, scopes=CITY)
def same_person(graduate_id: int) -> ResponseReturnValue:
    """Show accounts that may be the same human, and ask for a merge or for undoing one."""
    found = db().get(Graduate, graduate_id)
    if found is None:
        raise NotFound
    form: Any = PersonForm()
    if form.validate_on_submit():
        with attempt(form) as tried:
            _ask(found, form)
        if tried.done:
            return _asked()
    note_look(found.id, "graduate_opened")
    return render_template(
        "officers/same_person.html",
        form=form,
        graduate=found,
        candidates=same_person_candidates(db(), found),
        aliases=aliases_of(db(), found),
    )


def _ask(graduate: Graduate, form: Any) -> None:
    known: dict[str, Any] = {"by": me(), "reason": form.reason.data, "at": now()}
    if alias := pressed("separate"):
        deeds.ask_separate(db(), alias_seq=alias, **known)
    else:
        duplicate = pressed("join") or form.other.data or 0
        deeds.ask_join(db(), duplicate_id=duplicate, graduate_id=graduate.id, **known)


def _asked() -> ResponseReturnValue:
    flash(_("更正已提出，等另一名核验人确认。在此之前账本不变。"))
    return redirect(url_for("officers.corrections"))


def _titled(asked: LedgerCorrection) -> EntryKind:
    return EntryKind.MOVE_IN if asked.kind is EntryKind.MOVE_OUT else asked.kind


def _facts(asked: LedgerCorrection) -> list[tuple[str, str]]:
    count = count_behind(db(), asked)
    if asked.placement_id is None:
        return [
            (_("重复的人员代码"), f"{(asked.person_key or '')[:KEY_SHOWN]}…"),
            (_("保留的人员代码"), f"{(asked.joined_to or '')[:KEY_SHOWN]}…"),
        ]
    now_at = filters.translated(unit_name(count.unit)) if count else _("已不在总数里")
    return [
        (_("现在的计入单位"), now_at),
        (_("新的工作地点"), filters.district(asked.district)),
        (_("变动日期"), filters.full_date(asked.moved_on)),
    ]


def _means(asked: LedgerCorrection) -> list[str]:
    match asked.kind:
        case EntryKind.ALIAS:
            return [
                _("两个证件从此算一个人。"),
                _("同一时期各计过一次的，冲销后计入的一次（原因：重复计数），本人会收到通知。"),
                _("以后发现合并有误可以撤销，但已冲销的要重新填报、重新核验。"),
            ]
        case EntryKind.ALIAS_VOID:
            return [
                _("两个证件从此又算两个人，仍计入的一次回到原来的证件名下。"),
                _("合并时冲销的不会自动恢复，请本人重新填报。"),
            ]
        case _:
            return [
                _("账本追加两行：原单位减一，新单位加一。全市总数和发生月份不变。"),
                _("按现行口径不随迁的时期会拒绝办理。"),
            ]


def _line(row: Any) -> dict[str, Any]:
    asked, asked_by, decided_by = row
    waits = asked.done is None
    state = _("待确认") if waits else _("已办理") if asked.done else _("已撤下")
    return {
        "id": asked.id,
        "kind": filters.label(_titled(asked)),
        "reason": asked.reason,
        "asked_by": asked_by,
        "asked_at": asked.asked_at,
        "decided_by": decided_by,
        "state": state,
    }


def _columns() -> list[Column]:
    def link(line: dict[str, Any]) -> str:
        return url_for("officers.correction", correction_id=line["id"])

    return [
        Column("kind", _("更正"), link=link),
        Column("reason", _("原因和依据")),
        Column("asked_by", _("提出人")),
        Column("asked_at", _("提出时间"), Shown.MOMENT),
        Column("decided_by", _("确认人")),
        Column("state", _("状态")),
    ]
