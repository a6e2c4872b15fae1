"""Postings: read before anybody sees them, with what the checks of wording found."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.auth.identity import me
from webapp.clock import now, today
from webapp.domain.concerns import Concern
from webapp.domain.postings import PostingStatus
from webapp.domain.roles import Role
from webapp.models import Posting
from webapp.officers import blueprint
from webapp.officers.desk import asked_file, exports, my_reach, whole
from webapp.officers.employers import READERS
from webapp.officers.forms import POSTING_REASONS, VerdictForm
from webapp.officers.lists import asked_list
from webapp.officers.verdicts import given, go_on
from webapp.queries.officers import (
    concerns_about,
    employers_named,
    find_posting,
    postings_listed,
    postings_titled,
)
from webapp.queries.queues import postings_waiting
from webapp.services import postings as deeds
from webapp.services.employers import is_verified
from webapp.ui import filters
from webapp.ui.keyset import key_page
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db


@blueprint.get("/postings")
@audience(Role.OFFICER, scopes=READERS)
def postings() -> ResponseReturnValue:
    """List postings in reach."""
    wanted = asked_list(PostingStatus)
    rows = postings_listed(
        my_reach(),
        today(),
        status=wanted.status,
        employers=employers_named(db(), wanted.text),
        titled=postings_titled(db(), wanted.text),
        text=wanted.text,
    )
    columns = _columns()
    return asked_file(columns, whole(rows, _line), name=_("岗位")) or render_template(
        "officers/list.html",
        title=_("岗位"),
        lead=_("审核通过的岗位才会展示给毕业生；改动薪酬、地点后会重新进入审核。"),
        filters=wanted.form,
        columns=columns,
        page=key_page(db(), rows, by=[Posting.id], falling=True, read=_line),
        exports=exports(),
    )


@blueprint.route("/postings/<int:posting_id>", methods=["GET", "POST"])
@audience(Role.OFFICER, scopes=READERS)
def posting(posting_id: int) -> ResponseReturnValue:
    """Show a posting beside what the checks found, and take the verdict."""
    found = find_posting(db(), my_reach(), posting_id, today())
    form = VerdictForm(POSTING_REASONS, _("请选择"))
    verdict: dict[str, Any] = {"by": me(), "posting_id": found.id, "at": now()}
    if given(
        form,
        {
            "approve": lambda: deeds.approve_posting(db(), **verdict),
            "return": lambda: deeds.return_posting(db(), reason=form.words, **verdict),
            "remove": lambda: deeds.remove_posting(db(), reason=form.words, **verdict),
        },
    ):
        waiting = postings_waiting(my_reach(), today())
        return go_on(waiting, "officers.posting", "posting_id", _("“%(name)s”已处理。", name=found.title))
    return render_template(
        "officers/posting.html",
        posting=found,
        form=form,
        problems=deeds.problems_of(found, on=today()),
        rules=_rules(found),
        concerns=concerns_about(db(), found.id),
        concern_name=_concern_name,
    )


def _rules(posting: Posting) -> Sequence[dict[str, Any]]:
    blocking = [one for one in deeds.problems_of(posting, on=today()) if one.blocking]
    verified = is_verified(posting.employer, on=today())
    return [
        {"text": _("单位已通过核验并在有效期内"), "met": verified},
        {"text": _("必填项齐全，没有法律禁止的内容"), "met": not blocking},
        {
            "text": _("工作内容真实、具体，与单位业务相符"),
            "met": None,
            "note": _("实习、见习岗位还要看：不收费、不扣证件、报酬写明。"),
        },
    ]


def _concern_name(concern: str | None) -> str:
    return filters.label(Concern(concern)) if concern in set(Concern) else ""


def _line(posting: Posting) -> dict[str, Any]:
    shown = ("id", "title", "kind", "headcount", "status", "submitted_at")
    return {**{name: getattr(posting, name) for name in shown}, "employer": posting.employer.name}


def _columns() -> Sequence[Column]:
    return [
        Column("title", _("岗位名称"), link=lambda line: url_for("officers.posting", posting_id=line["id"])),
        Column("employer", _("单位")),
        Column("kind", _("类型")),
        Column("headcount", _("招聘人数"), Shown.NUMBER),
        Column("status", _("状态"), Shown.STATUS),
        Column("submitted_at", _("提交时间"), Shown.MOMENT),
    ]
