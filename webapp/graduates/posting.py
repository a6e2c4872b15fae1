"""One posting against my resume: what it asks, what fits, and applying."""

from contextlib import suppress
from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from matcher.documents import Conditions, Match
from matcher.growth import Lift
from webapp.auth.access import audience
from webapp.auth.attempt import attempt
from webapp.auth.identity import me, my_graduate
from webapp.clock import now, today
from webapp.domain.concerns import Concern
from webapp.domain.consent import Purpose
from webapp.domain.postings import PostingStatus
from webapp.domain.roles import Role
from webapp.extensions import limiter, platform, taken
from webapp.graduates import blueprint
from webapp.graduates.cards import likenesses, requirements
from webapp.models import Posting
from webapp.queries.documents import current_resume, posting_document, resume_document, still_valid
from webapp.queries.graduates import application_id_of
from webapp.queries.pipelines import answer_rate
from webapp.queries.postings import known_posting, postings_in_order, saved_among
from webapp.services.applications import find_open, submit
from webapp.services.consents import has_consent
from webapp.services.following import IndexNotReady
from webapp.services.graduates import report_posting, save_posting, unsave_posting
from webapp.ui.citations import highlighted
from webapp.ui.forms import Form, choices
from webapp.ui.navigation import local_address
from webapp.unit_of_work import db

SIMILAR = 3
POSTING_FIELDS = ("title", "duties", "requirements", "skills", "majors")
RESUME_FIELDS = ("wanted", "major", "skills", "text")


class ApplyForm(Form):
    """Applying: whom the resume goes to, and a few words along with it."""

    consent = BooleanField(_l("我同意把简历和联系方式提供给这家单位"))
    note = TextAreaField(
        _l("给单位的留言"),
        [Length(max=500, message=_l("留言最多 500 个字。"))],
        description=_l("为什么想来、什么时候能到岗，一两句话就好。"),
        render_kw={"rows": 3, "maxlength": 500},
    )
    key = HiddenField(default=lambda: uuid4().hex)


class ReportForm(Form):
    """What is wrong with a posting."""

    concern = RadioField(_l("哪里有问题"), [InputRequired(_l("请选择一项。"))])
    note = TextAreaField(_l("补充说明"), [Length(max=500)], render_kw={"rows": 3})

    def __init__(self) -> None:
        super().__init__()
        self.concern.choices = choices(Concern)


@blueprint.route("/postings/<int:posting_id>", methods=["GET", "POST"])
@audience(Role.GRADUATE)
@limiter.limit("30/minute", methods=["POST"], deduct_when=taken)
def posting(posting_id: int) -> ResponseReturnValue:
    """Show a posting against my resume, unless I do not wish it compared, and apply."""
    found, form = known_posting(db(), posting_id), ApplyForm()
    if form.validate_on_submit():
        with attempt(form) as tried:
            application = submit(
                db(),
                by=me(),
                posting_id=found.id,
                at=now(),
                consent=form.consent.data,
                note=form.note.data,
                idempotency_key=form.key.data or None,
            )
        if tried.done:
            flash(_("投递成功。单位一般在 7 天内答复，有进展会通知你。"))
            return redirect(url_for("graduates.application", application_id=application.id))
    return _shown(found, form)


@blueprint.post("/postings/<int:posting_id>/save")
@audience(Role.GRADUATE)
def save(posting_id: int) -> ResponseReturnValue:
    """Put a posting aside, or take it from there."""
    if request.form.get("on") == "1":
        save_posting(db(), graduate=my_graduate(), posting_id=posting_id, at=now())
    else:
        unsave_posting(db(), graduate=my_graduate(), posting_id=posting_id)
    return redirect(local_address(request.form.get("next")))


@blueprint.route("/postings/<int:posting_id>/report", methods=["GET", "POST"])
@audience(Role.GRADUATE)
@limiter.limit("10/hour", methods=["POST"], deduct_when=taken)
def report(posting_id: int) -> ResponseReturnValue:
    """Tell the officers that something is wrong with a posting."""
    found, form = known_posting(db(), posting_id), ReportForm()
    if form.validate_on_submit():
        concern = Concern(form.concern.data)
        report_posting(db(), by=me(), posting=found, concern=concern, note=form.note.data, at=now())
        flash(_("谢谢你。工作人员会尽快核实，不会告诉单位是谁反映的。"))
        return redirect(url_for("graduates.posting", posting_id=found.id))
    return render_template("graduates/report.html", posting=found, form=form)


def _shown(found: Posting, form: ApplyForm) -> ResponseReturnValue:
    graduate = my_graduate()
    resume = current_resume(db(), graduate.id)
    own, asked = resume_document(graduate, resume), posting_document(found)
    matching, match, lifts = platform().matching, Match(found.id, 0), tuple[Lift, ...]()
    if compared := bool(resume) and graduate.personalised:
        match = matching.match(db(), graduate=graduate, posting=found, today=today())
        lifts = matching.lifts(db(), graduate=graduate, posting=found, today=today())
    return render_template(
        "graduates/posting.html",
        posting=found,
        form=form,
        resume=resume,
        compared=compared,
        match=match,
        requirements=requirements(match, own),
        likenesses=likenesses(match, own),
        lifts=lifts,
        meaning=matching.meaning,
        theirs={field: highlighted(asked, field, match) for field in POSTING_FIELDS},
        mine={field: highlighted(own, field, match) for field in RESUME_FIELDS},
        takes=found.status is PostingStatus.LIVE and still_valid(found, today()),
        open_application=find_open(db(), graduate_id=graduate.id, posting_id=found.id),
        application_id=application_id_of(db(), graduate_id=graduate.id, posting_id=found.id),
        shared=has_consent(db(), me().id, Purpose.SHARE_WITH_EMPLOYER, found.employer_id),
        saved=bool(saved_among(db(), graduate.id, [found.id])),
        habit=answer_rate(db(), at=now(), employer_id=found.employer_id),
        similar=_similar(found),
    )


def _similar(found: Posting) -> list[Posting]:
    """Return open postings of the same kind with the nearest titles; none before they can be searched."""
    with suppress(IndexNotReady):
        ranking = platform().matching.rank_postings(
            db(),
            graduate=None,
            conditions=Conditions(kinds=frozenset({found.kind.value})),
            query=found.title,
            today=today(),
            top=SIMILAR + 1,
        )
        ids = [match.id for match in ranking.matches if match.id != found.id]
        return postings_in_order(db(), ids[:SIMILAR])
    return []
