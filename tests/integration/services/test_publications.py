"""A published figure: counted from the ledger, confirmed by a second officer, told again to the digit."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from tests.counted import as_if_counted, make_claim, make_counted
from tests.factories import NOW, make_officer, make_period
from tests.stories import prove
from webapp.domain.definitions import DefinitionInUse, definition, definitions
from webapp.domain.errors import Conflict, NotAllowed
from webapp.domain.programme import read_table
from webapp.domain.retention import Cause
from webapp.domain.roles import Scope
from webapp.models import KeptDefinition, Placement, Publication, PublishedFigure, User
from webapp.queries import publications as queries
from webapp.queries.asof import count_as_of, grades_as_of
from webapp.queries.breakdowns import CountFilter, Dimension, breakdown
from webapp.services import publications, reversals, verifications
from webapp.services.definitions import keep_definition
from webapp.services.publications import (
    AlreadyCorrected,
    DayNotOver,
    DefinitionNotLoaded,
    NotCountedYet,
    SecondOfficerConfirms,
)
from webapp.services.verifications import ReasonMissing

DAY = date(2026, 6, 15)
LATER = NOW + timedelta(days=10)
Counts = Mapping[str, Mapping[str, int]]
ROWS = read_table("definitions.json")["definitions"]


@pytest.fixture
def city(session: Session) -> list[User]:
    make_period(session)
    for row in ROWS:
        keep_definition(session, row, NOW)
    return [make_officer(session).user for _ in range(2)]


@pytest.fixture
def counted(session: Session, city: list[User]) -> list[Placement]:
    return [
        make_counted(session),
        make_counted(session, proof="social_insurance"),
        make_counted(session, district="420106", unit="420106"),
    ]


def asked(session: Session, by: User, **changes: object) -> Publication:
    known = {"period_id": "P15", "definition_id": "D1", "as_of": DAY, "at": LATER} | changes
    wanted = publications.ask_publication(session, by=by, **known)  # type: ignore[arg-type]
    answer = queries.answer_of(session, wanted)
    return publications.keep_answer(session, publication_id=wanted.id, answer=answer, at=LATER)


def published(session: Session, city: list[User], **changes: object) -> PublishedFigure:
    wanted = asked(session, city[0], **changes)
    return publications.publish(session, by=city[1], publication_id=wanted.id, at=LATER)


def told(session: Session, city: list[User], people: Counts, **changes: object) -> PublishedFigure:
    """Publish as if the ledger knew of these people."""
    wanted = publications.ask_publication(
        session,
        by=city[0],
        **{"period_id": "P15", "definition_id": "D1", "as_of": DAY, "at": LATER} | changes,
    )  # type: ignore[arg-type]
    answer = as_if_counted(queries.answer_of(session, wanted), people)
    publications.keep_answer(session, publication_id=wanted.id, answer=answer, at=LATER)
    return publications.publish(session, by=city[1], publication_id=wanted.id, at=LATER)


def test_a_figure_gives_way_to_what_was_published_before_by_another_definition(session, city):
    people = {"420106": {"A": 10, "B": 20, "C": 3}}
    first, second = told(session, city, people), told(session, city, people, definition_id="D2")
    assert (first.hidden, second.hidden) == (["A", "C"], ["A", "total"]), "33 − 30 would tell the 3"
    other = told(session, city, people, definition_id="D2", as_of=DAY - timedelta(days=1))
    assert other.hidden == []


def test_what_nobody_has_published_is_not_given_away_either(session, city):
    """D1 and D3 hold the same people of grade A: 9 − 5 would tell the 4 of the other unit."""
    people = {"420106": {"A": 4, "B": 4, "C": 1}, "420111": {"A": 5, "B": 4, "C": 2}}
    told(session, city, people)
    assert told(session, city, people, definition_id="D3", unit="420111").hidden == ["A", "total"]


def test_the_grades_of_a_day_are_those_of_every_count(session, city, counted):
    prove(session, counted[0], "social_insurance")
    for day in (DAY, date(2026, 6, 30)):
        grades = grades_as_of(session, period_id="P15", as_of=day)
        assert grades.keys() == definitions().keys()
        for key, by_unit in grades.items():
            for unit in ("420106", "WH-DHGX", None):
                counts = count_as_of(
                    session, period_id="P15", definition=definition(key), as_of=day, unit=unit
                )
                assert queries.counted_at(grades, definition(key), unit) == queries.graded(counts.by_grade)
            assert by_unit.keys() <= {"420106", "WH-DHGX"}


def test_a_correction_gives_way_to_the_figure_it_corrects(session, city):
    first = told(session, city, {"420106": {"A": 10, "B": 20, "C": 10}})
    people = {"420106": {"A": 10, "B": 20, "C": 3}}
    second = told(session, city, people, supersedes_id=first.id, reason="漏了撤销")
    assert (first.hidden, second.hidden) == ([], ["C", "total"]), "33 − 10 − 20 would tell the 3"
    assert queries.as_seen(second).shown == {"A": 10, "B": 20, "C": "＊", "total": "＊"}


def test_a_figure_stands_with_all_it_rests_on_and_is_told_again(session, city, counted):
    figure = published(session, city)
    assert (figure.value, figure.by_grade, figure.seq) == (3, {"A": 1, "B": 2}, 3)
    assert figure.definition_digest == definition("D1").digest
    assert (figure.audit_sample_id, figure.error_rate) == (None, None)
    answer, agrees = queries.count_again(session, figure)
    assert (answer.total, agrees) == (3, True)


def test_what_becomes_known_later_changes_no_figure_of_an_earlier_day(session, city, counted):
    figure = published(session, city)
    make_claim(session)
    known = {"placement_id": counted[0].id, "at": LATER}
    reversals.request_reversal(session, by=city[0], cause=Cause.R7, **known)
    reversals.reverse_count(session, by=city[1], **known)
    assert queries.count_again(session, figure) == (queries.count_again(session, figure)[0], True)
    today = count_as_of(session, period_id="P15", definition=definition("D1"), as_of=date(2026, 6, 30))
    assert today.total == 2


def test_a_grade_that_rises_rises_from_that_day_on(session, city, counted):
    prove(session, counted[0], "social_insurance")
    verifications.approve_placement(session, by=city[0], placement_id=counted[0].id, at=LATER)
    by_grade = {
        day: count_as_of(session, period_id="P15", definition=definition("D1"), as_of=day).by_grade
        for day in (DAY, date(2026, 6, 24), date(2026, 6, 25))
    }
    assert by_grade == {
        DAY: {"A": 1, "B": 2},
        date(2026, 6, 24): {"A": 1, "B": 2},
        date(2026, 6, 25): {"A": 2, "B": 1},
    }
    assert [row.a for row in breakdown(session, CountFilter("P15"), Dimension.DEGREE)] == [2]


def test_a_unit_has_its_own_figure(session, city, counted):
    assert published(session, city, unit="420106").value == 1


def test_one_officer_alone_publishes_nothing(session, city, counted):
    wanted = asked(session, city[0])
    with pytest.raises(SecondOfficerConfirms):
        publications.publish(session, by=city[0], publication_id=wanted.id, at=LATER)
    with pytest.raises(NotAllowed):
        publications.publish(
            session,
            by=make_officer(session, Scope.UNIT, unit="420106").user,
            publication_id=wanted.id,
            at=LATER,
        )
    publications.drop_publication(session, by=city[0], publication_id=wanted.id, at=LATER)
    with pytest.raises(Conflict):
        publications.publish(session, by=city[1], publication_id=wanted.id, at=LATER)


def test_a_number_nobody_has_counted_cannot_be_confirmed(session, city, counted):
    wanted = publications.ask_publication(
        session, by=city[0], period_id="P15", definition_id="D1", as_of=DAY, at=LATER
    )
    with pytest.raises(NotCountedYet):
        publications.publish(session, by=city[1], publication_id=wanted.id, at=LATER)


def test_a_day_that_is_not_over_has_no_figure(session, city, counted):
    with pytest.raises(DayNotOver) as refused:
        asked(session, city[0], as_of=LATER.date())
    assert refused.value.facts == {"day": LATER.date()}


def test_a_correction_is_a_new_figure_with_its_reason(session, city, counted):
    first = published(session, city)
    with pytest.raises(ReasonMissing):
        asked(session, city[0], supersedes_id=first.id, reason=" ")
    second = published(session, city, definition_id="D2", supersedes_id=first.id, reason="口径写错")
    assert session.execute(queries.figures_listed()).all() == [(second, None), (first, second.id)]
    with pytest.raises(AlreadyCorrected):
        asked(session, city[0], supersedes_id=first.id, reason="再改")


@pytest.mark.parametrize("deed", ["UPDATE published_figure SET value = 4", "DELETE FROM published_figure"])
def test_the_database_keeps_a_figure(session, city, counted, deed):
    published(session, city)
    with pytest.raises(DatabaseError, match="append-only"), session.begin_nested():
        session.execute(text(deed))


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE count_facts SET graduated_in = '2020'",
        "DELETE FROM count_facts",
        "UPDATE confirmation SET by_id = NULL",
        "DELETE FROM confirmation",
    ],
)
def test_the_database_keeps_the_facts_of_a_count(session, city, counted, deed):
    prove(session, counted[0], "social_insurance")
    verifications.approve_placement(session, by=city[0], placement_id=counted[0].id, at=LATER)
    with pytest.raises(DatabaseError, match="append-only"), session.begin_nested():
        session.execute(text(deed))


def test_a_definition_in_use_is_not_edited_and_a_new_one_is_summed(session, city, counted):
    with pytest.raises(DefinitionInUse):
        keep_definition(session, ROWS[0] | {"grades": ["A"]}, LATER)
    keep_definition(session, ROWS[0], LATER)
    assert session.get_one(KeptDefinition, "D1").loaded_at == NOW


def test_a_definition_nobody_has_loaded_publishes_nothing(session, counted, city):
    session.get_one(KeptDefinition, "D2").digest = "0" * 64
    with pytest.raises(DefinitionNotLoaded):
        asked(session, city[0], definition_id="D2")


def test_the_same_question_has_the_same_answer_and_another_one_another_digest(session, city, counted):
    def digest(day: date = DAY, key: str = "D1") -> str:
        said = count_as_of(session, period_id="P15", definition=definition(key), as_of=day).as_json()
        return str(said["digest"])

    assert digest() == digest()
    assert (
        len({digest(), digest(key="D2"), digest(day=date(2026, 6, 14)), digest(day=date(2026, 6, 16))}) == 4
    )


def test_before_the_first_entry_nobody_is_counted(session, city, counted):
    told = count_as_of(session, period_id="P15", definition=definition("D1"), as_of=date(2026, 6, 14))
    assert (told.total, told.head.seq, told.by_unit) == (0, 0, {})


def test_facts_are_those_of_the_day_of_the_count(session, city, counted):
    counted[0].graduate.graduation_on = date(2020, 6, 30)
    session.flush()
    told = count_as_of(session, period_id="P15", definition=definition("D4"), as_of=DAY)
    assert told.total == 3
    assert verifications.ledger.verify_chain(session) == []
