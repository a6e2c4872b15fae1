"""An outcome the employer confirmed: how far its verification has come, and papers for it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileRequired
from wtforms import SelectField

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me, my_member
from webapp.clock import now, today
from webapp.domain.errors import NotFound
from webapp.domain.evidence import evidence_types, types_for
from webapp.domain.programme import outcome_codes
from webapp.domain.roles import Role
from webapp.employers import blueprint
from webapp.extensions import limiter, platform
from webapp.queries.placements import PlacementPage, placement_page
from webapp.services.evidence import Particulars, hand_in_paper
from webapp.ui.filters import translated
from webapp.ui.forms import Form
from webapp.ui.papers import PaperField
from webapp.unit_of_work import db


class PaperForm(Form):
    """A paper that proves the outcome."""

    type = SelectField(_l("材料类型"))
    file = PaperField(
        _l("材料文件"), [FileRequired(_l("请先选择文件。"))], description=_l("PDF、PNG 或 JPG，最大 10 MB。")
    )

    def __init__(self, outcome_code: str) -> None:
        super().__init__()
        self.type.choices = [(one.key, translated(one.name)) for one in types_for(outcome_code)]


@blueprint.route("/placements/<int:placement_id>", methods=["GET", "POST"])
@audience(Role.EMPLOYER)
@limiter.limit("20/minute", methods=["POST"])
def placement(placement_id: int) -> ResponseReturnValue:
    """Show one outcome and take a paper for it."""
    page = _own(placement_id)
    form = PaperForm(page.placement.outcome_code)
    if form.validate_on_submit():
        with attempt(form) as tried:
            _prove(form, placement_id)
        if tried.done:
            flash(_("材料已加密保存，工作人员会尽快核验。"))
            return redirect(url_for("employers.placement", placement_id=placement_id))
    return render_template(
        "employers/placement.html", page=page, form=form, codes=outcome_codes(), types=evidence_types()
    )


def _prove(form: PaperForm, placement_id: int) -> None:
    hand_in_paper(
        db(),
        by=me(),
        placement_id=placement_id,
        particulars=Particulars(form.type.data, issuer=my_member().employer.name),
        paper=form.file.paper,
        at=now(),
        key=platform().settings.fernet_key,
    )


def _own(placement_id: int) -> PlacementPage:
    page = placement_page(db(), placement_id, on=today())
    if page is None or page.placement.employer_id != my_member().employer_id:
        raise NotFound
    return page
