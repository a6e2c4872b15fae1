"""Writing a posting: one form, checked by the server, kept as a draft or handed to review."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me, my_member
from webapp.clock import now, today
from webapp.domain.posting_rules import check_posting
from webapp.domain.postings import PostingStatus
from webapp.domain.roles import Role
from webapp.employers import blueprint
from webapp.employers.posting_forms import PostingForm, say
from webapp.models import Posting
from webapp.queries.employers import own_posting
from webapp.services.employers import is_verified
from webapp.services.postings import PUBLISHED, save_posting, submit_posting
from webapp.unit_of_work import db

CHECK, SUBMIT = "check", "submit"


@blueprint.route("/postings/new", methods=["GET", "POST"])
@audience(Role.EMPLOYER)
def posting_new() -> ResponseReturnValue:
    """Write a new posting."""
    return _write(PostingForm(), None)


@blueprint.route("/postings/<int:posting_id>/edit", methods=["GET", "POST"])
@audience(Role.EMPLOYER)
def posting_edit(posting_id: int) -> ResponseReturnValue:
    """Change a posting; a published one goes back to review where the law wants it read again."""
    posting = own_posting(db(), my_member().employer_id, posting_id)
    return _write(PostingForm(posting), posting)


def _write(form: PostingForm, posting: Posting | None) -> ResponseReturnValue:
    notes = None
    if form.validate_on_submit():
        wish = request.form.get("wish")
        if wish in {CHECK, SUBMIT} or (posting and posting.status in PUBLISHED):
            problems = check_posting(form.terms(), employer_kind=my_member().employer.kind, on=today())
            form.show(problem for problem in problems if problem.blocking)
            notes = [say(problem) for problem in problems if not problem.blocking]
        if wish != CHECK and not form.errors and (kept := _keep(form, posting, wish == SUBMIT)):
            return redirect(url_for("employers.posting", posting_id=kept.id))
    return render_template(
        "employers/posting_form.html",
        form=form,
        posting=posting,
        published=posting is not None and posting.status in PUBLISHED,
        verified=is_verified(my_member().employer, on=today()),
        notes=notes,
    )


def _keep(form: PostingForm, posting: Posting | None, submit: bool) -> Posting | None:  # noqa: FBT001
    with attempt(form) as tried:
        kept = save_posting(
            db(), by=me(), terms=form.terms(), at=now(), posting_id=posting.id if posting else None
        )
        if submit and kept.status not in PUBLISHED | {PostingStatus.REVIEW}:
            submit_posting(db(), by=me(), posting_id=kept.id, at=now())
    if not tried.done:
        return None
    flash(
        {
            PostingStatus.REVIEW: _("已提交审核，一般 1 个工作日内答复。通过后毕业生才能看到。"),
            PostingStatus.LIVE: _("修改已生效。"),
            PostingStatus.PAUSED: _("修改已保存，岗位仍是暂停状态。"),
        }.get(kept.status, _("草稿已保存，只有您能看到。"))
    )
    return kept
