"""A school's station claims an outcome for one of its graduates, with the paper that proves it."""

from datetime import date
from typing import cast

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileRequired
from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me
from webapp.clock import now
from webapp.domain.catalogues import districts
from webapp.domain.evidence import Grade, evidence_types
from webapp.domain.programme import outcome_codes
from webapp.domain.retention import Outcome
from webapp.domain.roles import Role, Scope
from webapp.extensions import limiter, platform
from webapp.models import Graduate
from webapp.officers import blueprint
from webapp.officers.desk import my_reach, note_look
from webapp.queries.officers import find_graduate
from webapp.services.evidence import Particulars, hand_in_paper
from webapp.services.placements import claim_placement
from webapp.ui.filters import translated
from webapp.ui.forms import Form, named
from webapp.ui.papers import PaperField
from webapp.unit_of_work import db


class ClaimForm(Form):
    """What the graduate does, where and since when, and a paper for it."""

    code = SelectField(_l("毕业去向"), [InputRequired(_l("请选择毕业去向。"))])
    employer_name = StringField(_l("用人单位全称"), [Length(max=100)])
    started_on = DateField(_l("开始日期"), [InputRequired(_l("请填写开始日期。"))])
    district = SelectField(_l("工作地点"), description=_l("按实际上班的地方选，不是单位注册的地方。"))
    pay = IntegerField(
        _l("税前月薪（元）"),
        [Optional(), NumberRange(1, 1_000_000, _l("请填写 1 到 1,000,000 之间的整数。"))],
    )
    type = SelectField(_l("材料类型"))
    file = PaperField(_l("材料文件"), [FileRequired(_l("请选择要上传的文件。"))])

    def __init__(self) -> None:
        super().__init__()
        counting = [one for one in outcome_codes().values() if one.counts]
        papers = [one for one in evidence_types().values() if one.grade is not Grade.D and one.outcome_codes]
        self.code.choices = [(one.code, translated(one.name)) for one in counting]
        self.district.choices = [*named(districts().values()), ("", _("不在武汉"))]
        self.type.choices = [(one.key, translated(one.name)) for one in papers]

    def outcome(self) -> Outcome:
        """Return what is claimed."""
        return Outcome(
            code=self.code.data,
            started_on=cast("date", self.started_on.data),
            district=self.district.data or None,
            pay=self.pay.data,
            employer_name=self.employer_name.data or None,
        )


@blueprint.route("/graduates/<int:graduate_id>/claim", methods=["GET", "POST"])
@audience(Role.OFFICER, scopes=frozenset({Scope.STATION}))
@limiter.limit("20/minute", methods=["POST"])
def claim(graduate_id: int) -> ResponseReturnValue:
    """Take the school's word and paper for a graduate; somebody else verifies it."""
    found = find_graduate(db(), my_reach(), graduate_id)
    form = ClaimForm()
    if form.validate_on_submit():
        with attempt(form) as tried:
            _claim(found, form)
        if tried.done:
            flash(_("去向已填报，材料已加密保存，等工作人员核验。本人会收到通知。"))
            return redirect(url_for("officers.graduate", graduate_id=found.id))
    note_look(found.id, "graduate_opened")
    return render_template("officers/claim.html", form=form, graduate=found)


def _claim(graduate: Graduate, form: ClaimForm) -> None:
    at = now()
    made = claim_placement(db(), by=me(), graduate_id=graduate.id, outcome=form.outcome(), at=at)
    hand_in_paper(
        db(),
        by=me(),
        placement_id=made.id,
        particulars=Particulars(form.type.data),
        paper=form.file.paper,
        at=at,
        key=platform().settings.fernet_key,
    )
