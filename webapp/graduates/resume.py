"""The resume: hand it in, check what was read, keep it; versions and their files."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me, my_graduate
from webapp.clock import now
from webapp.domain.errors import NotFound
from webapp.domain.roles import Role
from webapp.extensions import limiter, platform
from webapp.graduates import blueprint
from webapp.graduates.resume_forms import HandInForm, ResumeForm
from webapp.models import StoredFile
from webapp.models.resume import ResumeSource
from webapp.queries.documents import current_resume
from webapp.queries.graduates import own_resume, resume_versions
from webapp.reading.errors import Unreadable
from webapp.reading.files import read_resume, read_text
from webapp.services.files import open_file
from webapp.services.resumes import (
    Draft,
    confirm_resume,
    find_draft,
    from_kept,
    keep_draft,
    read_person,
)
from webapp.ui.downloads import as_download
from webapp.ui.forms import refuse
from webapp.unit_of_work import db, release

PASTED = "resume.txt"


@blueprint.route("/resume", methods=["GET", "POST"])
@audience(Role.GRADUATE)
@limiter.limit("20/minute", methods=["POST"])
def resume() -> ResponseReturnValue:
    """Take a file or a text; nothing becomes a resume before its owner has checked it."""
    form = HandInForm()
    if form.validate_on_submit() and (draft := _hand_in(form)):
        return redirect(url_for("graduates.resume_review", draft_id=draft.id))
    versions = resume_versions(db(), my_graduate().id)
    return render_template("graduates/resume.html", form=form, versions=versions)


@blueprint.route("/resume/review/<int:draft_id>", methods=["GET", "POST"])
@audience(Role.GRADUATE)
def resume_review(draft_id: int) -> ResponseReturnValue:
    """Show the text beside the fields read from it, and keep both once they are right."""
    draft = find_draft(db(), owner_id=me().id, draft_id=draft_id)
    if (form := ResumeForm()).is_submitted():
        return _confirm(form, draft)
    text = _text_of(draft)
    fields = read_person(text)
    form = ResumeForm(fields, text)
    return render_template("graduates/resume_review.html", form=form, doubtful=fields.doubtful)


@blueprint.route("/resume/form", methods=["GET", "POST"])
@audience(Role.GRADUATE)
def resume_form() -> ResponseReturnValue:
    """Write a resume field by field, or correct the current one."""
    if (form := ResumeForm()).is_submitted():
        return _confirm(form, None)
    current = current_resume(db(), my_graduate().id)
    form = ResumeForm(from_kept(current.fields), current.text) if current else ResumeForm()
    return render_template("graduates/resume_review.html", form=form, doubtful=frozenset())


@blueprint.get("/resume/<int:resume_id>/file")
@audience(Role.GRADUATE)
def resume_file(resume_id: int) -> ResponseReturnValue:
    """Hand back an own original as it was handed in."""
    kept = own_resume(db(), graduate_id=my_graduate().id, resume_id=resume_id)
    file = db().get(StoredFile, kept.file_id) if kept and kept.file_id else None
    if file is None:
        raise NotFound
    return as_download(file)


def _hand_in(form: HandInForm) -> StoredFile | None:
    """Read what was handed in and keep it as a draft; an unreadable file is refused with its reason."""
    if form.file.data:
        source, filename, content = ResumeSource.UPLOAD, form.file.data.filename, form.file.data.read()
    else:
        source, filename, content = ResumeSource.PASTE, PASTED, (form.text.data or "").encode()
    owner_id = me().id
    release()
    try:
        read = read_resume(content, filename)
    except Unreadable as error:
        refuse(form, error, "text" if source is ResumeSource.PASTE else "file")
        return None
    return keep_draft(
        db(),
        owner_id=owner_id,
        source=source,
        filename=filename,
        content=content,
        media_type=read.media_type,
        at=now(),
        key=platform().settings.fernet_key,
    )


def _text_of(draft: Draft) -> str:
    content = open_file(draft.file, key=platform().settings.fernet_key)
    release()
    return read_resume(content, draft.file.filename).text


def _confirm(form: ResumeForm, draft: Draft | None) -> ResponseReturnValue:
    """Keep a checked resume; a refusal shows the form as it was sent."""
    first = current_resume(db(), my_graduate().id) is None
    if form.validate():
        with attempt(form) as tried:
            confirm_resume(
                db(),
                graduate=my_graduate(),
                source=draft.source if draft else ResumeSource.FORM,
                text=read_text(form.text.data or form.composed()),
                fields=form.fields(),
                file=draft.file if draft else None,
                fill_profile=form.fill_profile.data,
                at=now(),
            )
        if tried.done:
            return _kept(first=first)
    return render_template("graduates/resume_review.html", form=form, doubtful=frozenset())


def _kept(*, first: bool) -> ResponseReturnValue:
    """Lead on to the matches, or to the first page while they are being prepared."""
    if platform().matching.waits:
        flash(_("简历保存好了。岗位匹配正在准备，过一会儿就能看到适合你的岗位。"))
        return redirect(url_for("graduates.today"))
    flash(_("简历保存好了。下面是按你的简历找到的岗位。") if first else _("简历已更新，匹配结果随之更新。"))
    return redirect(url_for("graduates.matches"))
