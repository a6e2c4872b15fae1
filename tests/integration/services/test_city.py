"""The made-up city: the same for a seed, honest by the rules, and with a ledger that verifies."""

import dataclasses

import numpy as np
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tests.factories import NOW, make_user
from webapp.domain.followup import Result
from webapp.domain.identifiers import DocType, check_identity, credit_code_is_valid, person_key
from webapp.domain.programme import gb2260_of, rulesets, unit_of
from webapp.domain.retention import LIVE, ClaimState, Decision, EntryKind, decide
from webapp.models import (
    Employer,
    FollowUp,
    FollowUpAnswer,
    FollowUpTotal,
    Graduate,
    LedgerEntry,
    LedgerTotal,
    Placement,
    Posting,
    User,
)
from webapp.queries import standing
from webapp.queries.documents import posting_documents, resume_documents
from webapp.queries.followups import differences
from webapp.services.city import City, CityNotEmpty, NoPeriods, make_city
from webapp.services.city.plan import AS_OF, draw_plan
from webapp.services.city.texts import Texts
from webapp.services.ledger import verify_chain
from webapp.services.programme import load_programme

PEOPLE = 800
COUNTS = {ClaimState.REVERSED, *LIVE}


@pytest.fixture
def city(session: Session) -> City:
    load_programme(session, at=NOW)
    return make_city(session, graduates=PEOPLE, seed=7, pepper="pepper")


def test_the_ledger_of_the_city_verifies_and_its_sums_are_the_people_who_stand_counted(
    session: Session, city: City
):
    assert verify_chain(session) == []
    counted = session.scalar(select(func.count()).where(Placement.state.in_(LIVE)))
    assert session.scalar(select(func.sum(LedgerTotal.total))) == counted
    kinds = dict(session.execute(select(LedgerEntry.kind, func.count()).group_by(LedgerEntry.kind)).all())
    assert kinds[EntryKind.COUNT] > PEOPLE / 2
    assert kinds[EntryKind.REVERSE] > 0
    assert kinds[EntryKind.ALIAS] == 1


def test_every_claim_of_the_city_stands_where_the_rules_put_it(session: Session, city: City):
    ruleset = rulesets()["RS-2026.1"]
    seen = set()
    claims = select(Placement).options(joinedload(Placement.graduate)).where(Placement.unit.is_not(None))
    for placement in session.scalars(claims):
        approvals = len(standing.approvers(session, placement.id))
        facts = standing.facts_of(session, placement, on=AS_OF, approvals=approvals)
        free = dataclasses.replace(facts, period_status="open", counted_here=False, counted_before=None)
        verdict = decide(free, ruleset)
        seen.add(placement.state)
        if placement.state in COUNTS:
            assert (verdict.decision, verdict.grade) == (Decision.COUNT, placement.grade)
            assert placement.unit == unit_of(placement.district, placement.started_on)
        elif placement.state is ClaimState.PROVISIONAL and facts.degree_verified:
            assert verdict.decision is Decision.PROVISIONAL
    assert seen >= {*COUNTS, ClaimState.EVIDENCED, ClaimState.PROVISIONAL} - {ClaimState.DISPUTED}


@pytest.mark.parametrize(("seed", "same"), [(7, True), (8, False)])
def test_the_same_seed_makes_the_same_people_and_another_seed_others(seed: int, same: object):
    drawn, again = draw_plan(PEOPLE, 50, 7), draw_plan(PEOPLE, 50, seed)
    for name in ("known", "started", "outcome", "employer", "dice"):
        assert np.array_equal(getattr(drawn, name), getattr(again, name)) is same


def test_everybody_is_visibly_made_up_and_has_a_number_that_checks(session: Session, city: City):
    assert session.scalar(select(func.count()).where(~User.name.startswith("合成"))) == 0
    assert session.scalar(select(func.count()).where(~Employer.name.startswith("合成"))) == 0
    numbers = [city.person(index).identity_number for index in range(PEOPLE)]
    assert len(set(numbers)) == PEOPLE
    assert all(one.startswith("420101") for one in numbers)
    assert all(check_identity(DocType.IDENTITY_CARD, one, on=AS_OF) == one for one in numbers)
    assert all(credit_code_is_valid(code) for code in session.scalars(select(Employer.credit_code)))
    key = session.scalar(select(Graduate.person_key).where(Graduate.id == 1))
    assert key in {None, person_key("pepper", DocType.IDENTITY_CARD, numbers[0])}


def test_who_was_still_there_is_known_by_answers_and_summed(session: Session, city: City):
    assert differences(session, on=AS_OF) == []
    summed = session.scalar(select(func.sum(FollowUpTotal.total)).where(FollowUpTotal.institution_code == ""))
    over = select(func.count()).select_from(FollowUp).where(FollowUp.closes_on < AS_OF)
    assert summed == session.scalar(over)
    asked = dict(session.execute(select(FollowUp.id, FollowUp)).all())
    said = dict(session.execute(select(FollowUpAnswer.follow_up_id, FollowUpAnswer)).all())
    assert {one.result for one in asked.values()} >= {None, Result.RETAINED_A, Result.RETAINED_C, Result.LEFT}
    for number, one in asked.items():
        assert (one.result in {None, Result.UNKNOWN}) is (number not in said)
        if number in said:
            assert (one.result, one.source, one.reason) == (
                said[number].result,
                said[number].source,
                said[number].reason,
            )


def test_places_of_the_ledger_are_districts_with_a_national_code(session: Session, city: City):
    places = session.scalars(select(LedgerEntry.district).distinct()).all()
    assert all(gb2260_of(place) == place and place.startswith("42") for place in places)


def test_a_city_is_never_built_over_somebodys_data(session: Session):
    load_programme(session, at=NOW)
    make_user(session)
    with pytest.raises(CityNotEmpty):
        make_city(session, graduates=100, seed=7, pepper="pepper")


def test_a_city_needs_the_programme_first(session: Session):
    with pytest.raises(NoPeriods):
        make_city(session, graduates=100, seed=7, pepper="pepper")


def test_the_city_has_postings_and_resumes_that_the_engine_reads(session: Session):
    load_programme(session, at=NOW)
    make_city(session, graduates=PEOPLE, seed=7, pepper="pepper", postings=300, resumes=200)
    postings = posting_documents(session, range(1, 301))
    resumes = resume_documents(session, range(1, PEOPLE + 1))
    assert len(postings) == 300
    assert len(resumes) == 200
    assert len({one.duties for one in postings}) > 250
    assert all(one.text and one.wanted for one in resumes)
    assert {one.kind for one in postings} >= {"job", "internship"}
    assert session.scalar(select(func.max(Posting.id))) == 300


def test_texts_follow_from_the_seed_and_the_number():
    assert Texts(7).posting(3) == Texts(7).posting(3)
    assert Texts(7).resume(3) != Texts(8).resume(3)
