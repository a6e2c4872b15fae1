"""The organisation: what it says of itself, its licence, its verification."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me, my_member
from webapp.clock import now, today
from webapp.domain.errors import NotFound
from webapp.domain.roles import Role
from webapp.employers import blueprint
from webapp.employers.organisation_forms import ColleagueForm, LicenceForm, OrganisationForm
from webapp.extensions import limiter, platform, taken
from webapp.models import StoredFile
from webapp.queries.employers import members_of, open_invitations
from webapp.services.employers import (
    attach_licence,
    may_submit,
    missing_for_verification,
    submit_for_verification,
    update_organisation,
)
from webapp.ui.downloads import as_download
from webapp.unit_of_work import db


@blueprint.route("/organisation", methods=["GET", "POST"])
@audience(Role.EMPLOYER)
def organisation() -> ResponseReturnValue:
    """Show and change what the organisation says about itself."""
    form = OrganisationForm(my_member().employer)
    if form.validate_on_submit():
        with attempt(form) as tried:
            update_organisation(db(), by=me(), organisation=form.organisation(), at=now())
        if tried.done:
            flash(_("单位资料已保存。"))
            return redirect(url_for("employers.organisation"))
    return _page(form=form)


@blueprint.post("/organisation/licence")
@audience(Role.EMPLOYER)
@limiter.limit("20/hour", deduct_when=taken)
def upload_licence() -> ResponseReturnValue:
    """Take the licence and seal it."""
    form = LicenceForm()
    if form.validate_on_submit():
        with attempt(form) as tried:
            attach_licence(
                db(),
                by=me(),
                paper=form.licence.paper,
                at=now(),
                key=platform().settings.fernet_key,
            )
        if tried.done:
            flash(_("证照已加密保存，只有您和核验人员能打开。"))
            return redirect(url_for("employers.organisation"))
    return _page(licence_form=form)


@blueprint.get("/organisation/licence")
@audience(Role.EMPLOYER)
def licence() -> ResponseReturnValue:
    """Hand back the licence as it was handed in."""
    file_id = my_member().employer.licence_file_id
    file = db().get(StoredFile, file_id) if file_id else None
    if file is None:
        raise NotFound
    return as_download(file)


@blueprint.post("/organisation/submit")
@audience(Role.EMPLOYER)
def submit_organisation() -> ResponseReturnValue:
    """Ask for verification."""
    submit_for_verification(db(), by=me(), at=now())
    flash(_("已提交核验，一般 2 个工作日内答复。结果会通知您。"))
    return redirect(url_for("employers.organisation"))


def _page(
    *, form: OrganisationForm | None = None, licence_form: LicenceForm | None = None
) -> ResponseReturnValue:
    employer = my_member().employer
    file = db().get(StoredFile, employer.licence_file_id) if employer.licence_file_id else None
    return render_template(
        "employers/organisation.html",
        employer=employer,
        member=my_member(),
        form=form or OrganisationForm(employer),
        licence_form=licence_form or LicenceForm(),
        colleague_form=ColleagueForm(),
        licence=file,
        missing=missing_for_verification(employer),
        submittable=may_submit(employer, on=today()),
        members=members_of(db(), employer.id),
        invitations=open_invitations(db(), employer.id, now()),
    )
