"""One application: the person behind it while they agree, how it went, and the next step."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me, my_member
from webapp.clock import now, today
from webapp.domain.errors import NotFound
from webapp.domain.pipeline import Stage
from webapp.domain.roles import Role
from webapp.employers import blueprint
from webapp.employers.reading import told
from webapp.employers.steps import STEPS, steps_from
from webapp.extensions import platform
from webapp.models import StoredFile
from webapp.queries.candidates import sharing
from webapp.queries.pipelines import ApplicationPage, application_page
from webapp.services.applications import mark_viewed
from webapp.services.audit import record_look
from webapp.ui.downloads import as_download
from webapp.unit_of_work import db


@blueprint.get("/applications/<int:application_id>")
@audience(Role.EMPLOYER)
def application(application_id: int) -> ResponseReturnValue:
    """Open an application: the first time the graduate is told, every time it is written down."""
    page = _own(application_id)
    known = _may_know(page)
    match = None
    if known:
        mark_viewed(db(), by=me(), application_id=application_id, at=now())
        one = page.application
        match = platform().matching.match(db(), graduate=one.graduate, posting=one.posting, today=today())
    return render_template(
        "employers/application.html",
        page=_own(application_id),
        known=known,
        steps=steps_from(page),
        match=match,
        reasons=told(match.reasons) if match else [],
        gaps=told(match.missing) if match else [],
    )


@blueprint.route("/applications/<int:application_id>/<slug>", methods=["GET", "POST"])
@audience(Role.EMPLOYER)
def application_step(application_id: int, slug: str) -> ResponseReturnValue:
    """Take one step of the pipeline, after saying what follows from it."""
    page = _own(application_id)
    step = STEPS.get(slug) or abort(404)
    form = step.form(page.application)
    if form.validate_on_submit():
        with attempt(form) as tried:
            step.do(form, page)
        if tried.done:
            flash(_("已完成：%(verb)s。毕业生会收到通知。", verb=_(step.verb)))
            return redirect(url_for("employers.application", application_id=application_id))
    elif slug not in steps_from(page):
        return redirect(url_for("employers.application", application_id=application_id))
    return render_template("employers/step.html", page=page, step=step, form=form, known=_may_know(page))


@blueprint.get("/applications/<int:application_id>/resume")
@audience(Role.EMPLOYER)
def application_resume(application_id: int) -> ResponseReturnValue:
    """Hand over the resume as it was handed in, while the graduate agrees."""
    page = _own(application_id)
    resume = page.application.resume
    file = db().get(StoredFile, resume.file_id) if resume and resume.file_id else None
    if file is None or not _may_know(page):
        raise NotFound
    record_look(
        db(),
        by=me(),
        graduate_id=page.application.graduate_id,
        action="resume_downloaded",
        at=now(),
        on_behalf_of=page.application.posting.employer.name,
        title=page.application.posting.title,
    )
    return as_download(file)


def _own(application_id: int) -> ApplicationPage:
    page = application_page(db(), application_id)
    if page is None or page.application.posting.employer_id != my_member().employer_id:
        raise NotFound
    return page


def _may_know(page: ApplicationPage) -> bool:
    """Say whether name, contact and resume are open: the application and the consent both stand."""
    one = page.application
    shared = sharing(db(), employer_id=one.posting.employer_id, graduate_ids=[one.graduate_id])
    return one.stage is not Stage.WITHDRAWN and one.graduate_id in shared
