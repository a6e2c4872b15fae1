"""Destinations of graduates: one word a person, kept as registered, written out and read again unchanged."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests.counted import make_claim, make_counted, make_verified_graduate
from tests.factories import NOW, make_graduate, make_officer, make_period
from webapp.domain.degrees import Degree
from webapp.domain.lists import ListKind
from webapp.domain.rates import CodeUnmapped, Destinations
from webapp.models import Graduate, PersonAlias, RegisteredOutcome
from webapp.queries.officers import Reach
from webapp.queries.rates import (
    RateDimension,
    RateFilter,
    differences,
    fresh_totals,
    people_by,
    people_of,
    years,
)
from webapp.reading.list_columns import columns_of
from webapp.reading.tables import read_rows
from webapp.services.erasure import erase
from webapp.services.imports.lists import import_rows
from webapp.services.imports.runs import open_run
from webapp.services.outcome_files import write_outcomes
from webapp.services.outcomes import rebuild_outcomes
from webapp.services.persons import join_persons

PEPPER = "tests"
SCHOOL, OTHER_SCHOOL = "4142010486", "4142010487"
FIELDS = (
    "graduate_id", "code", "employer", "credit_code", "place", "started_on", "agreement", "pay",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _period(session: Session) -> None:
    make_period(session)


def key_of(serial: int) -> str:
    return f"{serial:064x}"


def graduate(session: Session, serial: int, **changes: object) -> Graduate:
    return make_verified_graduate(session, person_key=key_of(serial), name=f"演示{serial}", **changes)


def register(session: Session, one: Graduate, code: str, **changes: object) -> None:
    said = {"graduate_id": one.id, "code": code, "registered_at": NOW} | changes
    session.add(RegisteredOutcome(**said))  # type: ignore[arg-type]
    session.flush()


def codes(session: Session, **wanted: object) -> Mapping[str, int]:
    rebuild_outcomes(session, at=NOW)
    assert list(differences(session)) == []
    return people_of(session, RateFilter(**wanted)).by_code  # type: ignore[arg-type]


def take(session: Session, path: Path) -> Mapping[str, int]:
    run = open_run(session, kind="outcomes", filename=path.name, digest=path.name, at=NOW)
    run.asked_by_id = make_officer(session).user_id
    rows = list(read_rows(path, columns_of(ListKind.OUTCOMES, path.name)))
    import_rows(session, run=run, rows=rows, pepper=PEPPER, at=NOW)
    assert run.refused == 0
    return run.findings or {}


def registered(session: Session) -> list[tuple[object, ...]]:
    rows = session.scalars(select(RegisteredOutcome).order_by(RegisteredOutcome.graduate_id))
    return [tuple(getattr(one, name) for name in FIELDS) for one in rows]


def test_the_strongest_word_on_a_person_stands(session: Session) -> None:
    counted = make_counted(session, graduate=graduate(session, 1))
    register(session, counted.graduate, "70")
    claiming = make_claim(session, graduate=graduate(session, 2))
    register(session, claiming.graduate, "271")
    make_claim(session, graduate=graduate(session, 3), outcome_code="12")
    graduate(session, 4)
    assert codes(session) == {"11": 1, "27": 1, "12": 1, "": 1}


def test_persons_are_counted_not_records_nor_accounts(session: Session) -> None:
    person = graduate(session, 1)
    make_counted(session, graduate=person)
    make_claim(session, graduate=person, outcome_code="12")
    second = graduate(session, 2)
    register(session, second, "80")
    make_graduate(session)
    assert codes(session) == {"11": 1, "80": 1}
    first_id, second_id = (make_officer(session).user_id for _ in range(2))
    join_persons(
        session, duplicate_key=key_of(2), person_key=key_of(1), first_id=first_id, second_id=second_id, at=NOW
    )
    assert session.scalars(select(PersonAlias.person_key)).all() == [key_of(2)]
    assert codes(session) == {"11": 1}


def test_a_register_with_an_unmapped_code_stops_the_sums(session: Session) -> None:
    register(session, graduate(session, 1), "99")
    with pytest.raises(CodeUnmapped, match="99"):
        fresh_totals(session)


def test_sums_are_by_school_year_and_degree_and_a_station_sees_its_own(session: Session) -> None:
    register(session, graduate(session, 1), "11")
    register(session, graduate(session, 2, degree=Degree.MASTER), "80")
    register(session, graduate(session, 3, graduation_on=date(2025, 6, 30), degree=None), "70")
    register(session, graduate(session, 4, institution_code=OTHER_SCHOOL), "12")
    assert codes(session, year=2026) == {"11": 1, "80": 1, "12": 1}
    own = RateFilter(Reach(institution_code=SCHOOL), institution_code=OTHER_SCHOOL)
    assert people_of(session, own).total == 3
    by = {one: people_by(session, RateFilter(), one) for one in RateDimension}
    assert {key: part.total for key, part in by[RateDimension.DEGREE].items()} == {
        "": 1, "bachelor": 2, "master": 1
    }  # fmt: skip
    assert by[RateDimension.INSTITUTION][OTHER_SCHOOL] == Destinations({"12": 1})
    assert years(session, Reach()) == [2026, 2025]
    assert years(session, Reach(institution_code=OTHER_SCHOOL)) == [2026]


def test_verify_finds_a_sum_that_is_out_of_date(session: Session) -> None:
    register(session, graduate(session, 1), "11")
    rebuild_outcomes(session, at=NOW)
    register(session, graduate(session, 2), "11")
    assert list(differences(session)) == [f"{SCHOOL} 2026 bachelor 11: 1, 2"]


def test_what_a_school_registers_is_kept_whatever_becomes_of_it(session: Session, tmp_path: Path) -> None:
    people = [graduate(session, serial) for serial in range(1, 6)]
    path = tmp_path / "register.csv"
    lines = [
        f"{one.name},平台人员代码,{one.person_key},{school},{code},{employer},{started}"
        for one, school, code, employer, started in (
            (people[0], SCHOOL, "801", "演示大学", "2026-09-01"),
            (people[1], SCHOOL, "70", "", ""),
            (people[2], SCHOOL, "81", "演示大学", "2026-09-01"),
            (people[3], OTHER_SCHOOL, "11", "演示公司", "2026-07-01"),
        )
    ]
    header = "姓名,证件类型,证件号码,学校,毕业去向代码,单位名称,就业起始日期"
    path.write_text("\n".join([header, *lines]), encoding="utf-8")
    assert take(session, path) == {"claimed": 2, "no_claim": 1, "differs": 1}
    assert [(row[0], row[1]) for row in registered(session)] == [
        (people[0].id, "801"),
        (people[1].id, "70"),
        (people[2].id, "81"),
    ]
    assert codes(session) == {"80": 2, "70": 1, "": 2}


def test_a_person_key_is_no_document_in_other_lists(session: Session, tmp_path: Path) -> None:
    one = graduate(session, 1)
    path = tmp_path / "roll.csv"
    row = f"{one.name},平台人员代码,{one.person_key},{SCHOOL},本科,2026-06-30"
    path.write_text(f"姓名,证件类型,证件号码,学校,学历,毕业日期\n{row}", encoding="utf-8")
    run = open_run(session, kind="roll", filename="roll.csv", digest="r", at=NOW)
    rows = list(read_rows(path, columns_of(ListKind.ROLL, "roll.csv")))
    import_rows(session, run=run, rows=rows, pepper=PEPPER, at=NOW)
    assert run.refused == 1


OUTCOMES = st.lists(
    st.tuples(
        st.sampled_from(["10", "11", "12", "271", "46", "502", "511", "75", "752", "76", "80", "803", "82",
                         "85", "70", "71", "72"]),
        st.sampled_from(["演示公司", '带"引号"和,逗号的单位', "＝单位", "A/B 公司"]),
        st.sampled_from([None, "武汉市洪山区珞喻路1号", "上海市", "武汉"]),
        st.dates(date(2026, 1, 1), date(2026, 6, 30)),
        st.sampled_from([None, "2026-01", "=1+1"]),
        st.none() | st.integers(0, 90_000),
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(outcomes=OUTCOMES)
def test_written_out_and_read_again_nothing_is_lost(
    session: Session, tmp_path: Path, outcomes: list[tuple[str, str, str | None, date, str | None, int]]
) -> None:
    inner = session.begin_nested()
    for serial, (code, employer, place, started, agreement, pay) in enumerate(outcomes, start=1):
        said = {"place": place, "started_on": started, "agreement": agreement, "pay": pay}
        register(session, graduate(session, serial), code, employer=employer, **said)
    before, sums = registered(session), fresh_totals(session)
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    assert write_outcomes(session, RateFilter(), first) == len(outcomes)
    session.execute(delete(RegisteredOutcome))
    session.expire_all()
    take(session, first)
    assert registered(session) == before
    assert fresh_totals(session) == sums
    write_outcomes(session, RateFilter(), second)
    assert second.read_bytes() == first.read_bytes()
    inner.rollback()
    session.expire_all()


def test_a_file_holds_one_school_and_no_identity_numbers(session: Session, tmp_path: Path) -> None:
    register(session, graduate(session, 1), "11")
    register(session, graduate(session, 2, institution_code=OTHER_SCHOOL), "12")
    path = tmp_path / "own.csv"
    reach = Reach(institution_code=SCHOOL)
    assert write_outcomes(session, RateFilter(reach, institution_code=OTHER_SCHOOL), path) == 1
    assert key_of(1) in path.read_text(encoding="utf-8-sig")
    assert key_of(2) not in path.read_text(encoding="utf-8-sig")


def test_an_erased_persons_destination_stays_without_particulars(session: Session) -> None:
    one = graduate(session, 1)
    register(session, one, "11", employer="演示公司", pay=8000, place="武汉", agreement="1")
    erase(session, graduate=one, by=one.user, at=NOW)
    session.expire_all()
    assert registered(session) == [(one.id, "11", None, None, None, None, None, None)]
    assert codes(session) == {"11": 1}
