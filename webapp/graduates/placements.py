"""My outcome: claim it, prove it, see how far its verification has come."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me, my_graduate
from webapp.clock import now, today
from webapp.domain.claim_words import TO_GRADUATE
from webapp.domain.errors import NotFound
from webapp.domain.evidence import evidence_types, types_for
from webapp.domain.programme import outcome_codes
from webapp.domain.retention import EDITABLE, ClaimState
from webapp.domain.roles import Role
from webapp.extensions import limiter, platform
from webapp.graduates import blueprint
from webapp.graduates.placement_forms import EvidenceForm, OutcomeForm
from webapp.models import Evidence, StoredFile
from webapp.queries.graduates import placements_of
from webapp.queries.placements import PlacementPage, placement_page
from webapp.services.evidence import Particulars, hand_in_paper
from webapp.services.placements import amend_placement, claim_placement
from webapp.ui.downloads import as_download
from webapp.unit_of_work import db


@blueprint.get("/placements")
@audience(Role.GRADUATE)
def placements() -> ResponseReturnValue:
    """List my outcomes."""
    rows = placements_of(db(), my_graduate().id)
    return render_template("graduates/placements.html", placements=rows, codes=outcome_codes())


@blueprint.route("/placements/new", methods=["GET", "POST"])
@audience(Role.GRADUATE)
def claim() -> ResponseReturnValue:
    """Say where I work now."""
    form = OutcomeForm()
    if form.validate_on_submit():
        with attempt(form) as tried:
            placement = claim_placement(
                db(), by=me(), graduate_id=my_graduate().id, outcome=form.outcome(), at=now()
            )
        if tried.done:
            flash(_("去向已登记。接下来上传一份证明材料，就可以核验了。"))
            return redirect(url_for("graduates.placement", placement_id=placement.id))
    return render_template("graduates/outcome.html", form=form, page=None)


@blueprint.route("/placements/<int:placement_id>", methods=["GET", "POST"])
@audience(Role.GRADUATE)
@limiter.limit("20/minute", methods=["POST"])
def placement(placement_id: int) -> ResponseReturnValue:
    """Show one outcome, what is missing, and take its evidence."""
    page = _own(placement_id)
    form = EvidenceForm(types_for(page.placement.outcome_code))
    if form.validate_on_submit():
        with attempt(form) as tried:
            _prove(form, placement_id)
        if tried.done:
            flash(_("材料已提交，工作人员会尽快核验。"))
            return redirect(url_for("graduates.placement", placement_id=placement_id))
    return render_template(
        "graduates/placement.html",
        page=page,
        form=form,
        codes=outcome_codes(),
        types=evidence_types(),
        said=TO_GRADUATE[page.placement.state],
        editable=page.placement.state in EDITABLE,
        takes_evidence=page.placement.state is not ClaimState.REVERSED,
    )


@blueprint.route("/placements/<int:placement_id>/amend", methods=["GET", "POST"])
@audience(Role.GRADUATE)
def amend(placement_id: int) -> ResponseReturnValue:
    """Correct a claim nobody has verified yet."""
    page = _own(placement_id)
    form = OutcomeForm(page.placement)
    if form.validate_on_submit():
        with attempt(form) as tried:
            amend_placement(db(), by=me(), placement_id=placement_id, outcome=form.outcome(), at=now())
        if tried.done:
            flash(_("已修改。"))
            return redirect(url_for("graduates.placement", placement_id=placement_id))
    return render_template("graduates/outcome.html", form=form, page=page)


@blueprint.get("/placements/<int:placement_id>/evidence/<int:evidence_id>")
@audience(Role.GRADUATE)
def evidence_file(placement_id: int, evidence_id: int) -> ResponseReturnValue:
    """Hand back a piece of evidence I handed in."""
    evidence = db().get(Evidence, evidence_id)
    mine = evidence is not None and evidence.placement_id == _own(placement_id).placement.id
    file = db().get(StoredFile, evidence.file_id) if evidence and mine and evidence.file_id else None
    if file is None or file.owner_id != me().id:
        raise NotFound
    return as_download(file)


def _prove(form: EvidenceForm, placement_id: int) -> None:
    particulars = Particulars(
        form.type.data,
        issuer=form.issuer.data or None,
        valid_from_on=form.valid_from_on.data,
        valid_to_on=form.valid_to_on.data,
    )
    hand_in_paper(
        db(),
        by=me(),
        placement_id=placement_id,
        particulars=particulars,
        paper=form.file.paper,
        at=now(),
        key=platform().settings.fernet_key,
    )


def _own(placement_id: int) -> PlacementPage:
    page = placement_page(db(), placement_id, on=today())
    if page is None or page.placement.graduate_id != my_graduate().id:
        raise NotFound
    return page
