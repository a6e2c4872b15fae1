"""Outcomes: the claim, the evidence and the rule between them; verdicts, disputes and reversals."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.auth.identity import me, my_officer
from webapp.clock import now, today
from webapp.domain.catalogues import institution_name
from webapp.domain.claim_words import TO_OFFICER
from webapp.domain.errors import NotFound
from webapp.domain.evidence import Grade, evidence_types
from webapp.domain.programme import outcome_codes, rulesets, unit_name, unit_of
from webapp.domain.retention import LIVE, ClaimState
from webapp.domain.roles import DECIDES, Role, Scope
from webapp.extensions import platform
from webapp.models import Placement
from webapp.officers import blueprint
from webapp.officers.desk import asked_file, exports, my_reach, note_look, whole
from webapp.officers.files import shown
from webapp.officers.forms import PLACEMENT_REASONS, ClaimForm, VerdictForm
from webapp.officers.lists import asked_list
from webapp.officers.verdicts import given, go_on
from webapp.queries.breakdowns import masked
from webapp.queries.officers import employers_named, files_behind, find_placement, names_of, placements_listed
from webapp.queries.persons import doubles_of
from webapp.queries.placements import PlacementPage, placement_page
from webapp.queries.queues import placements_waiting
from webapp.queries.standing import evidence_of
from webapp.queries.texts import MOST_NAMED
from webapp.services import reversals
from webapp.services import verifications as deeds
from webapp.services.identities import keys_of_number
from webapp.ui.filters import translated
from webapp.ui.keyset import key_page
from webapp.ui.tables import Column, Shown
from webapp.unit_of_work import db

WAITS = frozenset({ClaimState.EVIDENCED, ClaimState.PROVISIONAL})
READERS = DECIDES | {Scope.AUDITOR, Scope.STATION}


@blueprint.get("/placements")
@audience(Role.OFFICER, scopes=READERS)
def placements() -> ResponseReturnValue:
    """List outcomes in reach, names masked."""
    wanted = asked_list(ClaimState)
    named = employers_named(db(), wanted.text)
    rows = placements_listed(my_reach(), state=wanted.status, employers=named, text=wanted.text)
    columns = _columns()
    return asked_file(columns, whole(rows, _line), name=_("毕业去向")) or render_template(
        "officers/list.html",
        title=_("去向核验"),
        lead=_(
            "每一条去向都要看过证明材料才能计入。名单只显示姓氏，打开后的每次查看都会记入本人的查看记录。"
        ),
        limit=_(
            "名称里有这几个字的单位太多，只列出其中 %(most)d 家的去向。请把名称写得再全一些。",
            most=MOST_NAMED,
        )
        if len(named) == MOST_NAMED
        else None,
        filters=wanted.form,
        columns=columns,
        page=key_page(db(), rows, by=[Placement.id], falling=True, read=_line),
        exports=exports(),
    )


@blueprint.route("/placements/<int:placement_id>", methods=["GET", "POST"])
@audience(Role.OFFICER, scopes=DECIDES | {Scope.AUDITOR})
def placement(placement_id: int) -> ResponseReturnValue:
    """Show a claim beside its evidence under the rule it must meet, and take the verdict."""
    found = find_placement(db(), my_reach(), placement_id)
    form = (ClaimForm if found.state in WAITS else VerdictForm)(PLACEMENT_REASONS, _("请选择"))
    if given(form, _verdicts(found, form)):
        waiting = placements_waiting(my_reach(), me().id)
        return go_on(waiting, "officers.placement", "placement_id", _("这条去向已处理。"))
    if form.data.get("number"):
        note_look(found.graduate_id, "number_refused")
    note_look(found.graduate_id, "placement_opened")
    page = placement_page(db(), found.id, on=today())
    beside = _beside(page) if page else {}
    return render_template("officers/placement.html", form=form, page=page, **beside)


@blueprint.get("/placements/<int:placement_id>/evidence/<int:evidence_id>")
@audience(Role.OFFICER, scopes=DECIDES | {Scope.AUDITOR})
def evidence(placement_id: int, evidence_id: int) -> Response:
    """Open one piece of evidence; the person can read that it was opened."""
    found = find_placement(db(), my_reach(), placement_id)
    files = {one.id: one.file_id for one in evidence_of(db(), found.id)}
    if evidence_id not in files:
        raise NotFound
    note_look(found.graduate_id, "evidence_opened")
    return shown(files[evidence_id])


def _verdicts(found: Placement, form: VerdictForm) -> Mapping[str, Callable[[], object]]:
    verdict: dict[str, Any] = {"by": me(), "placement_id": found.id, "at": now()}
    return {
        "approve": lambda: _approve(found, form.data.get("number"), verdict),
        "return": lambda: deeds.return_placement(db(), reason=form.words, **verdict),
        "dispute": lambda: reversals.dispute_count(db(), reason=form.words, **verdict),
        "uphold": lambda: reversals.uphold_count(db(), **verdict),
    }


def _approve(found: Placement, number: str | None, verdict: Mapping[str, Any]) -> None:
    """Approve; where the number on the papers was typed it must be the person's, who can read that it was."""
    keys = keys_of_number(platform().settings.pepper, number) if number else frozenset()
    deeds.approve_placement(db(), number_keys=keys, **verdict)
    if keys:
        note_look(found.graduate_id, "number_matched")


def _beside(page: PlacementPage) -> dict[str, Any]:
    """Return what the page shows beside the claim: files, names, and what the officer may do."""
    placement, scope = page.placement, my_officer().scope
    people = [one.verifier_id for one in page.verifications]
    code = outcome_codes().get(placement.outcome_code)
    return {
        "placement": placement,
        "masked": masked,
        "doubles": doubles_of(db(), my_reach(), placement),
        "files": files_behind(db(), placement.id),
        "verifiers": names_of(db(), [*people, placement.reversal_asked_by_id]),
        "types": evidence_types(),
        "outcome": translated(code.name) if code else placement.outcome_code,
        "unit": translated(unit_name(placement.unit)),
        "employer_in_reach": _in_reach(placement),
        "said": TO_OFFICER[placement.state],
        "live": placement.state in LIVE,
        "follows_moves": any(one.follow_move for one in rulesets().values()),
        "waits": placement.state in WAITS,
        "judges": scope in reversals.JUDGES,
        "audits": scope is Scope.AUDITOR,
        "needs_second": bool(page.evidence) and min(one.grade for one in page.evidence) is Grade.C,
    }


def _in_reach(placement: Placement) -> bool:
    """Say whether the officer may open the employer too: it may report to another unit."""
    unit, employer = my_reach().unit, placement.employer
    return employer is not None and unit in {None, unit_of(employer.district, today())}


def _line(placement: Placement) -> dict[str, Any]:
    employer = placement.employer.name if placement.employer else placement.employer_name
    code = outcome_codes().get(placement.outcome_code)
    return {
        "id": placement.id,
        "name": masked(placement.graduate.name),
        "school": institution_name(placement.graduate.institution_code),
        "employer": employer or _("自主创业或自由职业"),
        "outcome": translated(code.name) if code else placement.outcome_code,
        "unit": translated(unit_name(placement.unit)) or _("不在武汉"),
        "started_on": placement.started_on,
        "state": placement.state,
    }


def _columns() -> Sequence[Column]:
    def link(line: dict[str, Any]) -> str | None:
        opens = my_officer().scope is not Scope.STATION
        return url_for("officers.placement", placement_id=line["id"]) if opens else None

    return [
        Column("name", _("毕业生"), link=link),
        Column("school", _("毕业院校")),
        Column("employer", _("就业单位")),
        Column("outcome", _("去向类别")),
        Column("unit", _("填报单位")),
        Column("started_on", _("起始日期"), Shown.DATE),
        Column("state", _("状态"), Shown.STATUS),
    ]
