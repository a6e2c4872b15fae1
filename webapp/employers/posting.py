"""One posting as its employer sees it: the graduate's view, its state, and what can be done with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.auth.identity import me, my_member
from webapp.clock import now, today
from webapp.domain.errors import NotFound
from webapp.domain.postings import PostingStatus
from webapp.domain.roles import Role
from webapp.domain.words import N_
from webapp.employers import blueprint
from webapp.employers.posting_forms import say
from webapp.models import Posting
from webapp.queries.employers import applicants, own_posting
from webapp.services.postings import (
    OVER,
    PUBLISHED,
    UNPUBLISHED,
    close_posting,
    copy_posting,
    pause_posting,
    problems_of,
    reopen_posting,
    resume_posting,
    submit_posting,
)
from webapp.unit_of_work import db


@dataclass(frozen=True, slots=True)
class Deed:
    """Something an employer does with a posting by one button."""

    do: Callable[..., Posting]
    verb: str
    done: str
    sources: frozenset[PostingStatus]


DEEDS: Mapping[str, Deed] = {
    "submit": Deed(
        submit_posting,
        N_("提交审核"),
        N_("已提交审核，一般 1 个工作日内答复。通过后毕业生才能看到。"),
        frozenset({PostingStatus.DRAFT, PostingStatus.RETURNED}),
    ),
    "pause": Deed(
        pause_posting,
        N_("暂停招聘"),
        N_("岗位已暂停，毕业生暂时搜不到它。"),
        frozenset({PostingStatus.LIVE}),
    ),
    "resume": Deed(
        resume_posting,
        N_("恢复招聘"),
        N_("岗位已恢复，毕业生可以看到了。"),
        frozenset({PostingStatus.PAUSED}),
    ),
    "reopen": Deed(
        reopen_posting,
        N_("重新开放"),
        N_("已转为草稿。请更新有效期后重新提交审核。"),
        OVER,
    ),
    "copy": Deed(
        copy_posting, N_("复制为新岗位"), N_("已复制为草稿。请填写新的有效期。"), frozenset(PostingStatus)
    ),
}


@blueprint.get("/postings/<int:posting_id>")
@audience(Role.EMPLOYER)
def posting(posting_id: int) -> ResponseReturnValue:
    """Show a posting the way graduates read it, with its state beside it."""
    found = own_posting(db(), my_member().employer_id, posting_id)
    notes = problems_of(found, on=today()) if found.status in UNPUBLISHED | PUBLISHED else ()
    return render_template(
        "employers/posting.html",
        posting=found,
        notes=[say(problem) for problem in notes],
        ready=not any(problem.blocking for problem in notes),
        deeds={slug: deed for slug, deed in DEEDS.items() if found.status in deed.sources},
        editable=found.status in UNPUBLISHED | PUBLISHED,
        closable=found.status in PUBLISHED,
        applicants=applicants(db(), [found.id])[found.id],
    )


@blueprint.post("/postings/<int:posting_id>/<slug>")
@audience(Role.EMPLOYER)
def posting_deed(posting_id: int, slug: str) -> ResponseReturnValue:
    """Do one of the deeds that can be undone."""
    deed = DEEDS.get(slug) or abort(404)
    changed = deed.do(db(), by=me(), posting_id=posting_id, at=now())
    flash(_(deed.done))
    page = "employers.posting_edit" if changed.status is PostingStatus.DRAFT else "employers.posting"
    return redirect(url_for(page, posting_id=changed.id))


@blueprint.route("/postings/<int:posting_id>/close", methods=["GET", "POST"])
@audience(Role.EMPLOYER)
def posting_close(posting_id: int) -> ResponseReturnValue:
    """Ask, then stop recruiting."""
    found = own_posting(db(), my_member().employer_id, posting_id)
    if request.method == "POST":
        close_posting(db(), by=me(), posting_id=posting_id, at=now())
        flash(_("岗位已关闭。已经投递的毕业生仍在等您的答复。"))
        return redirect(url_for("employers.posting", posting_id=posting_id))
    if found.status not in PUBLISHED:
        raise NotFound
    waiting = applicants(db(), [found.id])[found.id].active
    return render_template("employers/posting_close.html", posting=found, waiting=waiting)
