"""Interviews: confirm, put into the calendar, say whether it took place."""

from collections.abc import Mapping
from datetime import timedelta

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from icalendar import Calendar, Event
from wtforms import RadioField
from wtforms.validators import InputRequired

from webapp.auth.access import audience
from webapp.auth.identity import me, my_graduate
from webapp.clock import now
from webapp.domain.errors import NotFound
from webapp.domain.interviews import Report
from webapp.domain.roles import Role
from webapp.domain.words import N_
from webapp.graduates import blueprint
from webapp.models import Application, Interview
from webapp.queries.postings import applied_posting
from webapp.services.interviews import confirm_interview, report_interview
from webapp.ui.forms import Form
from webapp.unit_of_work import db

LENGTH = timedelta(hours=1)
"""How long the calendar keeps free; an interview has no stated end."""


MY_WORDS: Mapping[Report, str] = {
    Report.HELD: N_("面试进行了"),
    Report.GRADUATE_ABSENT: N_("我没能参加"),
    Report.EMPLOYER_ABSENT: N_("单位没有来"),
}


class ReportForm(Form):
    """Whether it took place."""

    report = RadioField(_l("面试进行了吗"), [InputRequired(_l("请选择一项。"))])

    def __init__(self) -> None:
        super().__init__()
        self.report.choices = [(report.value, _(text)) for report, text in MY_WORDS.items()]


@blueprint.post("/interviews/<int:interview_id>/confirm")
@audience(Role.GRADUATE)
def confirm_own_interview(interview_id: int) -> ResponseReturnValue:
    """Tell the employer that I will come."""
    interview = confirm_interview(db(), by=me(), interview_id=interview_id, at=now())
    flash(_("已确认，单位会收到通知。可以把面试加到日历里。"))
    return redirect(url_for("graduates.application", application_id=interview.application_id))


@blueprint.post("/interviews/<int:interview_id>/report")
@audience(Role.GRADUATE)
def report_own_interview(interview_id: int) -> ResponseReturnValue:
    """Say whether the interview took place."""
    interview, form = _own(interview_id), ReportForm()
    if form.validate_on_submit():
        report = Report(form.report.data)
        report_interview(db(), by=me(), interview_id=interview_id, report=report, at=now())
        flash(_("已记录，谢谢。"))
    else:
        flash(_("请先选择面试是否进行。"), "warning")
    return redirect(url_for("graduates.application", application_id=interview.application_id))


@blueprint.get("/interviews/<int:interview_id>.ics")
@audience(Role.GRADUATE)
def interview_calendar(interview_id: int) -> ResponseReturnValue:
    """Hand over the appointment as a calendar file (RFC 5545)."""
    interview = _own(interview_id)
    posting = applied_posting(db(), interview.application_id)
    event = Event()
    event.add("uid", f"interview-{interview.id}@xuezi-liuhan")
    event.add("dtstamp", now())
    event.add("dtstart", interview.starts_at)
    event.add("dtend", interview.starts_at + LENGTH)
    event.add(
        "summary", _("面试：%(employer)s %(title)s", employer=posting.employer.name, title=posting.title)
    )
    event.add("location", interview.place)
    if interview.contact:
        event.add("description", _("联系人：%(contact)s", contact=interview.contact))
    calendar = Calendar()
    calendar.add("prodid", "-//xuezi-liuhan//interviews//ZH")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return Response(
        calendar.to_ical(),
        mimetype="text/calendar",
        headers={"Content-Disposition": f"attachment; filename=interview-{interview.id}.ics"},
    )


def _own(interview_id: int) -> Interview:
    interview = db().get(Interview, interview_id)
    owner = db().get(Application, interview.application_id) if interview else None
    if interview is None or owner is None or owner.graduate_id != my_graduate().id:
        raise NotFound
    return interview
