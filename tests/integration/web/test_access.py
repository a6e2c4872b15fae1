"""Every route says whom it is for, and everybody else is refused."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.routing import IntegerConverter, Rule

from tests import factories, stories
from tests.counted import make_counted
from tests.factories import make_graduate, make_member, make_officer
from webapp.auth.access import EVERYONE, STATIC
from webapp.domain.consent import Purpose
from webapp.domain.followup import window
from webapp.domain.pipeline import Stage
from webapp.domain.postings import PostingStatus
from webapp.domain.retention import EntryKind
from webapp.domain.roles import MemberRole, Role, Scope
from webapp.employers.posting import DEEDS as POSTING_DEEDS
from webapp.employers.steps import STEPS
from webapp.graduates.deeds import DEEDS
from webapp.models import (
    AuditItem,
    AuditSample,
    Base,
    Consent,
    Evidence,
    FollowUp,
    ImportRun,
    Invitation,
    LedgerCorrection,
    PostOffer,
    PostQuestion,
    Reconciliation,
    ReportedFigure,
    StaffInvitation,
    TraineeshipBase,
    User,
)
from webapp.models.invitation import InvitationStatus
from webapp.services.post_ledger import enter_postings
from webapp.services.resumes import DRAFTS


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in STATIC]


def address(app: Flask, rule: Rule) -> str:
    """Return the rule's address with made-up values: who may not come in must not learn what exists."""
    values = {
        name: 1 if isinstance(rule._converters[name], IntegerConverter) else "x" for name in rule.arguments
    }
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values, method=min(rule.methods))


def test_every_route_declares_its_audience(app: Flask):
    undeclared = [
        rule.endpoint for rule in rules(app) if not hasattr(app.view_functions[rule.endpoint], "audience")
    ]
    assert undeclared == []


def test_nobody_is_asked_to_log_in_before_anything_that_is_not_public(app: Flask, visitor):
    client = visitor()
    for rule in rules(app):
        if app.view_functions[rule.endpoint].audience == EVERYONE:
            continue
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            response = client.open(address(app, rule), method=method)
            assert response.status_code == 302, rule
            assert "/login" in response.headers["Location"], rule


@pytest.mark.parametrize("role", Role)
def test_each_audience_is_refused_by_the_pages_of_the_others(app: Flask, session, visitor, role: Role):
    people = {
        Role.GRADUATE: lambda: make_graduate(session).user,
        Role.EMPLOYER: lambda: make_member(session).user,
        Role.OFFICER: lambda: make_officer(session).user,
    }
    client = visitor(people[role]())
    for rule in rules(app):
        audience = app.view_functions[rule.endpoint].audience
        if audience == EVERYONE or role in audience:
            continue
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            assert client.open(address(app, rule), method=method).status_code == 403, (role, method, rule)


@pytest.mark.parametrize("scope", [Scope.STATION, Scope.AUDITOR, Scope.UNIT])
def test_officers_of_other_scopes_are_refused(app: Flask, session, visitor, scope: Scope):
    reach = {Scope.UNIT: {"unit": "WH-DHGX"}, Scope.STATION: {"institution_code": "4142010486"}}.get(
        scope, {}
    )
    client = visitor(make_officer(session, scope, **reach).user)
    for rule in rules(app):
        view = app.view_functions[rule.endpoint]
        if Role.OFFICER not in view.audience or scope in view.scopes:
            continue
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            assert client.open(address(app, rule), method=method).status_code == 403, (scope, method, rule)


def test_a_form_without_its_token_is_refused(app: Flask, visitor):
    app.config["WTF_CSRF_ENABLED"] = True
    response = visitor().post("/login", data={"login": "a@example.com", "password": "x"})
    assert response.status_code == 400
    assert "表单已过期" in response.text


def test_every_answer_carries_the_protecting_headers(visitor):
    response = visitor().get("/")
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"


OTHER_SCHOOL, OTHER_UNIT = "4142010487", "420106"
NOBODYS: Mapping[str, str] = {
    "officers.close_month": "names a month, which the city alone closes",
    "officers.next": "names a queue, which holds only what is in reach (tested below)",
    "auth.join": "the token is the key",
    "auth.reset": "the token is the key",
    "graduates.digest": "the token is the key",
    "graduates.follow_up": "the token is the key",
    "officers.indicator": "names an indicator of the plan, which every officer may read",
    "officers.new_figure": "names an indicator; a unit's officer writes figures of the unit alone",
    "officers.targets": "names an indicator of the plan, which every officer may read",
    "officers.target": "names a target, which the city alone sets",
    "officers.follow_ups_by": "names a way to take sums apart, which hold only what is in reach",
    "officers.report_snapshot": "names a snapshot of the whole city, whose reports every officer may read",
    "officers.report": "a report of the city: the edition for the public, but for the city and auditors",
    "officers.report_file": "a report of the city: the edition for the public, but for the city and auditors",
    "officers.publication": "a figure of the city, which the city alone decides on",
    "officers.published_figure": "a published figure, which everybody in office may have counted again",
    "officers.release_report": "names a report, which the city alone lets out",
    "officers.shortage_evidence": "rows behind a report, which the city and its auditors alone open",
    "pages.report": "a report two officers have made public",
    "pages.report_file": "a report two officers have made public",
}
"""Routes whose arguments name nobody's object."""

WORDS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "graduates.deed": {"name": list(DEEDS)},
    "employers.application_step": {"slug": list(STEPS)},
    "employers.posting_deed": {"slug": list(POSTING_DEEDS)},
}
"""Arguments that are words, each with all of its values."""

ANYTHING = {
    "address": "某路 1 号",
    "cause": "R1",
    "code": "11",
    "concern": "fee",
    "consent": "y",
    "contract_months": "36",
    "contract_type": "fixed",
    "deadline_on": "2026-06-20",
    "district": "WH-DHGX",
    "document": "某某文件",
    "employer_name": "别的单位",
    "graduation_on": "2026-06-30",
    "kind": "job",
    "left_on": "2026-06-26",
    "mode": "onsite",
    "months": "12",
    "note": "说明",
    "on": "1",
    "pay": "8000",
    "place": "某路 1 号",
    "reason": "no_fit",
    "report": "held",
    "signed_on": "2026-06-15",
    "start_on": "2026-06-25",
    "started_on": "2026-06-25",
    "starts_at": "2030-01-02T10:00",
    "text": stories.__doc__,
    "title": "改掉的名称",
    "value": "1",
    "verdict": "approve",
    "wish": "save",
}
"""What the forms behind these routes ask, so that only the owner is missing."""

Strangers = Mapping[str, Sequence[Callable[[Session], User]]]
STRANGERS: Strangers = {
    "pages": [lambda session: make_graduate(session).user],
    "graduates": [lambda session: make_graduate(session).user],
    "employers": [lambda session: make_member(session).user],
    "officers": [
        lambda session: make_officer(session, Scope.UNIT, unit=OTHER_UNIT).user,
        lambda session: make_officer(session, Scope.STATION, institution_code=OTHER_SCHOOL).user,
    ],
}
"""For each part of the platform, people of the right audience to whom the objects do not belong."""


@pytest.fixture
def objects(session: Session) -> Mapping[str, int]:
    """One object of every kind that an address can name; the argument's name is the key."""
    graduate = make_graduate(session)
    file = stories.make_file(session, graduate.user)
    resume = factories.make_resume(session, graduate, file_id=file.id)
    draft = stories.make_file(session, graduate.user)
    draft.purpose = next(iter(DRAFTS.values()))
    story = stories.begin(session, graduate=graduate).tell_until(Stage.ONBOARDED)
    placement = stories.prove(session, story.placement, "labour_contract")
    invitation = Invitation(
        posting_id=factories.make_posting(session, story.posting.employer).id,
        graduate_id=graduate.id,
        status=InvitationStatus.SENT,
        invited_by_id=story.employer_user.id,
        created_at=factories.NOW,
    )
    base = TraineeshipBase(
        name="光谷见习基地",
        kind="traineeship",
        unit="WH-DHGX",
        district="WH-DHGX",
        capacity=5,
        approved_on=factories.TODAY,
        created_at=factories.NOW,
    )
    period = factories.make_period(session)
    run = ImportRun(kind="postings", filename="a.csv", digest="0", started_at=factories.NOW)
    move = LedgerCorrection(
        kind=EntryKind.MOVE_OUT,
        placement_id=placement.id,
        district="420106",
        moved_on=factories.TODAY,
        reason="单位搬迁",
        asked_by_id=make_officer(session).user_id,
        asked_at=factories.NOW,
    )
    counted = make_counted(session)
    asked = window(counted.started_on, 6, 30)
    follow_up = FollowUp(
        placement_id=counted.id,
        months=6,
        **asked._asdict(),
        period_id=period.id,
        unit=counted.unit,
        cohort_month="2026-06",
    )
    sample = AuditSample(
        period_id=period.id,
        population=1,
        size=1,
        frozen_at=factories.NOW,
        frozen_by_id=make_officer(session, Scope.AUDITOR).user_id,
        frozen_seq=1,
        frozen_hash="f",
        secret="s",
        beacon="b",
        seed="d",
        drawn_at=factories.NOW,
    )
    figure = ReportedFigure(
        period_id=period.id,
        indicator="retained",
        unit="WH-DHGX",
        label="2026-03",
        month="2026-03",
        kind="monthly",
        value=1,
        source="演示文件",
        received_at=factories.NOW,
        submitted_by_id=make_officer(session).user_id,
    )
    session.add_all([invitation, base, run, move, follow_up, sample, figure])
    session.flush()
    low = Reconciliation(
        figure_id=figure.id,
        unit="WH-DHGX",
        reported=1,
        platform=2,
        opened_at=factories.NOW,
        due_on=factories.TODAY,
    )
    session.add(low)
    item = AuditItem(sample_id=sample.id, position=1, seq=1, placement_id=counted.id)
    session.add(item)
    session.flush()
    shared = select(Consent.id).where(Consent.user_id == graduate.user_id)
    hidden = factories.make_posting(session, story.posting.employer, status=PostingStatus.DRAFT)
    twin = factories.make_posting(session, story.posting.employer, title="会计")
    enter_postings(session, [story.posting.id, twin.id], at=factories.NOW)
    pair = {"one_id": story.posting.id, "other_id": twin.id}
    alike = PostQuestion(**pair, likeness=0.6, asked_at=factories.NOW)
    session.add(alike)
    session.flush()
    return {
        "application_id": story.application.id,
        "base_id": base.id,
        "correction_id": move.id,
        "consent_id": session.scalar(shared.where(Consent.purpose == Purpose.SHARE_WITH_EMPLOYER)),
        "draft_id": draft.id,
        "employer_id": story.posting.employer_id,
        "follow_up_id": follow_up.id,
        "item_id": item.id,
        "sample_id": sample.id,
        "figure_id": figure.id,
        "evidence_id": session.scalar(select(Evidence.id)),
        "graduate_id": graduate.id,
        "interview_id": story.interview.id,
        "invitation_id": invitation.id,
        "officer_id": make_officer(session, Scope.UNIT, unit="WH-DHGX").id,
        "placement_id": placement.id,
        "post_id": session.scalar(select(PostOffer.post_id)),
        "posting_id": hidden.id,
        "question_id": alike.id,
        "reconciliation_id": low.id,
        "resume_id": resume.id,
        "run_id": run.id,
    }


def everything(session: Session) -> dict[str, list[str]]:
    """Return every row of every table."""
    session.flush()
    return {
        table.name: sorted(map(repr, session.execute(select(table)))) for table in Base.metadata.sorted_tables
    }


def named_addresses(app: Flask, rule: Rule, objects: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Yield each method and address of a route, with the objects' ids and every word it knows."""
    words = WORDS.get(rule.endpoint, {})
    values = [words.get(name, [objects.get(name)]) for name in sorted(rule.arguments)]
    for chosen in product(*values):
        arguments: dict[str, Any] = dict(zip(sorted(rule.arguments), chosen, strict=True))
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            with app.test_request_context():
                adapter = app.url_map.bind("localhost")
                yield method, adapter.build(rule.endpoint, arguments, method=method)


def test_every_argument_of_a_route_names_an_object_strangers_are_tried_on(app: Flask, objects):
    unknown = {
        (rule.endpoint, name)
        for rule in rules(app)
        for name in rule.arguments
        if rule.endpoint not in NOBODYS and name not in objects and name not in WORDS.get(rule.endpoint, {})
    }
    assert unknown == set(), "name the object in `objects`, or say in NOBODYS why it is nobody's"


@pytest.mark.parametrize("part", STRANGERS)
def test_strangers_can_neither_open_nor_change_an_object(app: Flask, session, visitor, objects, part: str):
    people = [make(session) for make in STRANGERS[part]]
    session.commit()
    before = everything(session)
    for person in people:
        client = visitor(person)
        for rule in rules(app):
            if not rule.arguments or rule.endpoint in NOBODYS or rule.endpoint.partition(".")[0] != part:
                continue
            for method, named in named_addresses(app, rule, objects):
                response = client.open(named, method=method, data=ANYTHING if method == "POST" else None)
                assert response.status_code in {403, 404}, (method, named, response.status_code)
    session.expire_all()
    assert everything(session) == before


def test_the_same_addresses_open_for_those_they_belong_to(session, visitor, objects):
    """Otherwise the matrix above would prove nothing."""
    owner = session.get(
        User, session.scalar(select(Consent.user_id).where(Consent.id == objects["consent_id"]))
    )
    mine = visitor(owner)
    assert mine.get(f"/graduate/applications/{objects['application_id']}").status_code == 200
    assert mine.get(f"/graduate/placements/{objects['placement_id']}").status_code == 200
    city = visitor(make_officer(session).user)
    assert city.get(f"/officer/placements/{objects['placement_id']}").status_code == 200
    assert city.get(f"/officer/employers/{objects['employer_id']}").status_code == 200


def test_a_queue_leads_an_officer_only_to_what_is_in_reach(session, visitor, objects):
    for reach in STRANGERS["officers"]:
        client = visitor(reach(session))
        for key in ("employers", "postings", "placements", "degrees", "reversals"):
            response = client.get(f"/officer/queue/{key}/next")
            assert response.status_code in {302, 404}
            assert response.headers.get("Location", "/officer/queue") == "/officer/queue"


def test_own_addresses_do_not_open_what_belongs_to_somebody_else(session, visitor, objects):
    """An own placement with another's evidence, an own posting with a graduate who wants not to be found."""
    story = stories.begin(session).tell_until(Stage.ONBOARDED)
    own, evidence = story.placement.id, objects["evidence_id"]
    stories.prove(session, story.placement, "labour_contract")
    hidden = make_graduate(session, searchable=False)
    factories.make_resume(session, hidden)
    for person, path in (
        (story.graduate_user, f"/graduate/placements/{own}/evidence/{evidence}"),
        (make_officer(session).user, f"/officer/placements/{own}/evidence/{evidence}"),
        (story.employer_user, f"/employer/postings/{story.posting.id}/candidates/{hidden.id}"),
        (
            story.employer_user,
            f"/employer/postings/{story.posting.id}/compare?who={hidden.id}&who={hidden.id + 1}",
        ),
    ):
        assert visitor(person).get(path).status_code == 404, path


def test_a_recruiter_may_not_do_what_only_the_owner_may(session, visitor):
    recruiter = make_member(session, role=MemberRole.RECRUITER)
    response = visitor(recruiter.user).post("/employer/members/invite", data={"email": "x@example.com"})
    assert response.status_code in {200, 403}
    assert session.scalar(select(func.count()).select_from(StaffInvitation)) == 0
