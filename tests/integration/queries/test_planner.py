"""Everybody stands in one place; the kept sums are those of the people."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.counted import make_claim, make_counted, make_verified_graduate
from tests.factories import NOW, TODAY
from webapp.domain.planner import Aside, Place
from webapp.domain.retention import Cause, ClaimState
from webapp.models import LedgerEntry, Period, PersonAlias, PlannerSum
from webapp.queries.officers import Reach
from webapp.queries.planner import CITY, DIMENSIONS, differences, kept, scope_of, summed, summed_up, whole
from webapp.services.planner import keep_sums
from webapp.services.reversals import request_reversal, reverse_count

SCHOOL, OTHER = "4142010486", "4142010487"
GRADUATED = {"graduation_on": date(2026, 6, 10)}


@pytest.fixture
def period(session: Session) -> Period:
    return factories.make_period(session)


def graduate(session: Session, **changes: object):
    return make_verified_graduate(session, **(GRADUATED | changes))


def places(session: Session, period: Period, scope: str = CITY) -> dict[str, int]:
    keep_sums(session, summed_up(session, on=TODAY), at=NOW)
    return {place: total for place, total in whole(kept(session, period.id, scope)).items() if total}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({}, Place.WAITING),
        ({"state": ClaimState.PROVISIONAL}, Place.PROVISIONAL),
        ({"state": ClaimState.CLAIMED}, Place.CLAIMED),
        ({"state": ClaimState.RETURNED}, Place.CLAIMED),
        ({"state": ClaimState.REVERSED, "reversal_cause": None}, Place.UNPLACED),
        ({"outcome_code": "80"}, Place.ELSEWHERE),
        ({"unit": None, "district": None}, Place.ELSEWHERE),
        ({"outcome_code": "271"}, Place.WAITING),
        ({"started_on": date(2025, 12, 31)}, Place.UNPLACED),
    ],
)
def test_an_open_claim_says_where_a_person_stands(
    session: Session, period: Period, changes: dict[str, object], place: Place
) -> None:
    make_claim(session, graduate=graduate(session), **changes)
    assert places(session, period) == {place: 1}


def test_a_counted_person_is_in_no_pool(session: Session, period: Period) -> None:
    one = graduate(session)
    make_counted(session, graduate=one)
    make_claim(session, graduate=one)
    assert places(session, period) == {Place.RETAINED: 1}


def test_a_person_with_two_accounts_or_two_documents_is_one(session: Session, period: Period) -> None:
    first = graduate(session, person_key="one")
    graduate(session, person_key="one", institution_code=OTHER)
    graduate(session, person_key="other document")
    counted = make_counted(session, graduate=graduate(session))
    make_claim(session, graduate=first)
    session.add(
        PersonAlias(
            person_key="other document",
            joined_to="one",
            seq=session.scalars(select(LedgerEntry.seq)).first(),
        )
    )
    session.flush()
    assert counted.state in {ClaimState.COUNTED, ClaimState.CONFIRMED}
    assert places(session, period) == {Place.RETAINED: 1, Place.WAITING: 1}


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({"degree_verified_on": None, "degree_verified_by_id": None}, {}),
        ({"graduation_on": date(2026, 7, 1)}, {}),
        ({"graduation_on": date(2021, 5, 31)}, {}),
        ({"restricted_at": NOW}, {}),
        ({}, {Place.UNPLACED: 1}),
        (
            {"graduation_on": date(2025, 6, 30)},
            {Place.UNPLACED: 1, Aside.GROWN: 1, Aside.GROWN_UNPLACED: 1},
        ),
    ],
    ids=["not verified", "not yet", "too long ago", "erased", "this year", "earlier year"],
)
def test_who_is_in_the_window(
    session: Session, period: Period, changes: dict[str, object], seen: dict[str, int]
) -> None:
    graduate(session, **changes)
    assert places(session, period) == seen


def test_claims_of_months_that_should_be_settled_are_late(session: Session, period: Period) -> None:
    for day in (date(2026, 2, 28), date(2026, 3, 1)):
        make_claim(session, graduate=graduate(session), started_on=day)
    assert places(session, period) == {Place.WAITING: 2, Aside.LATE_WAITING: 1}


def test_losses_of_the_last_full_year_are_kept(session: Session, period: Period) -> None:
    counted = make_counted(session, graduate=graduate(session), started_on=date(2026, 2, 1))
    counted.ended_on = date(2026, 2, 15)
    asking, confirming = (factories.make_officer(session).user for _officer in range(2))
    request_reversal(session, by=asking, placement_id=counted.id, cause=Cause.R4, at=NOW)
    reverse_count(session, by=confirming, placement_id=counted.id, at=NOW)
    assert Aside.BROKEN not in places(session, period), "this month is not over"
    keep_sums(session, summed_up(session, on=date(2026, 7, 1)), at=NOW)
    assert whole(kept(session, period.id, CITY))[Aside.BROKEN] == 1


def test_what_began_in_the_last_twelve_full_months_is_the_flow(session: Session, period: Period) -> None:
    for day in (date(2026, 5, 31), date(2026, 6, 1)):
        make_counted(session, graduate=graduate(session), started_on=day)
    assert places(session, period) == {Place.RETAINED: 2, Aside.FLOW: 1}


def test_scopes_and_dimensions_add_up_and_the_sums_are_verified(session: Session, period: Period) -> None:
    for school in (SCHOOL, SCHOOL, OTHER):
        make_claim(session, graduate=graduate(session, institution_code=school))
    make_counted(
        session, graduate=graduate(session, institution_code=OTHER), unit="420106", district="420106"
    )
    assert keep_sums(session, summed_up(session, on=TODAY), at=NOW) == len(summed(session, period, on=TODAY))
    assert differences(session, period, on=TODAY) == []
    city = kept(session, period.id, CITY)
    assert set(city) == set(DIMENSIONS)
    for by in city.values():
        assert sum(sums.get(Place.WAITING, 0) for sums in by.values()) == 3
    assert city["institution"][SCHOOL] == {Place.WAITING: 2}
    station = kept(session, period.id, scope_of(Reach(institution_code=OTHER)))
    assert set(station) == {"unit", "cluster"}
    assert whole(station)[Place.RETAINED] == 1
    unit = kept(session, period.id, scope_of(Reach(unit="WH-DHGX")))
    assert whole(unit)[Place.WAITING] == 3
    session.query(PlannerSum).filter_by(scope=CITY, place=Place.WAITING, dimension="unit").update(
        {"total": 9}
    )
    assert len(differences(session, period, on=TODAY)) == 1


def test_closed_periods_are_not_planned(session: Session) -> None:
    factories.make_period(session, status="closed")
    graduate(session)
    assert keep_sums(session, summed_up(session, on=TODAY), at=NOW) == 0
