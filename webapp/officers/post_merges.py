"""Which postings are one post: pairs the system is not sure of, merges an officer wants undone."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Length

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me
from webapp.clock import now
from webapp.domain.errors import NotFound
from webapp.domain.roles import DECIDES, Role
from webapp.models import PostQuestion, PostSeparation
from webapp.officers import blueprint
from webapp.officers.desk import my_reach, note_deed
from webapp.officers.employers import READERS
from webapp.officers.forms import LONGEST, NEEDED, ConfirmForm, pressed
from webapp.officers.posts import name_of
from webapp.queries import post_ledger as queries
from webapp.queries.post_ledger import PostDimension
from webapp.services import post_verdicts as deeds
from webapp.ui.forms import Form
from webapp.ui.keyset import key_page
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

Line = dict[str, Any]


class SeparationForm(Form):
    """Why a posting is another post."""

    reason = TextAreaField(
        _l("为什么不是同一个岗位"),
        [NEEDED, Length(max=LONGEST)],
        description=_l("写明原因，再点上面要分开的那一条后面的按钮。分开须由第二名工作人员确认。"),
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


def source_of(origin: str) -> str:
    """Say where a posting comes from."""
    kind, _sign, name = origin.partition(":")
    return _("导入：%(name)s", name=name) if kind == "import" else _("单位发布")


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
