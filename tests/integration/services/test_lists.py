"""Lists that verify: evidence and claims in, never a count without the rule and a second officer."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from stdnum.cn import ric

from tests.counted import make_claim, make_counted, make_verified_graduate
from tests.factories import NOW, make_employer, make_graduate, make_officer, make_period
from webapp.domain.degrees import Degree
from webapp.domain.errors import NotAllowed
from webapp.domain.evidence import Grade
from webapp.domain.followup import Result
from webapp.domain.identifiers import DocType, person_key
from webapp.domain.lists import Finding, ListKind, MakerChecks, NothingToCheck
from webapp.domain.retention import ClaimState
from webapp.domain.roles import Scope
from webapp.models import (
    Evidence,
    FollowUp,
    Graduate,
    ImportMatch,
    ImportProblem,
    ImportRun,
    LedgerEntry,
    Officer,
    Placement,
    ReportedFigure,
    User,
)
from webapp.reading.tables import Row
from webapp.services.followups import open_follow_ups
from webapp.services.imports.lists import import_rows
from webapp.services.imports.release import release_run
from webapp.services.imports.runs import close_run, open_run
from webapp.services.ledger import verify_chain
from webapp.services.persons import join_persons

PEPPER = "tests"
AT = NOW + timedelta(days=40)
"""After the first months of insurance of the claims the factories make (June 2026)."""


@pytest.fixture(autouse=True)
def _period(session: Session) -> None:
    make_period(session)


def number_of(serial: int) -> str:
    body = f"42010120030714{serial:03}"
    return body + ric.calc_check_digit(f"{body}0")


def key_of(serial: int) -> str:
    return person_key(PEPPER, DocType.IDENTITY_CARD, number_of(serial))


def named(session: Session, serial: int, **changes: object) -> Graduate:
    return make_verified_graduate(session, person_key=key_of(serial), **changes)


def insured(serial: int, placement: Placement, **changes: object) -> dict[str, object]:
    employer = placement.employer
    return {
        "name": placement.graduate.name,
        "number": number_of(serial),
        "employer": employer.name if employer else None,
        "credit_code": employer.credit_code if employer else None,
        "first_on": "2026-06",
        "place": "武汉市",
    } | changes


def take(
    session: Session,
    kind: ListKind,
    rows: Sequence[dict[str, object]],
    *,
    maker: User | None = None,
    digest: str = "one",
    at: datetime = AT,
) -> ImportRun:
    run = open_run(
        session,
        kind=kind.value,
        filename="list.csv",
        digest=digest,
        at=at,
        asked_by_id=maker.id if maker else None,
    )
    numbered = [Row(number, fields) for number, fields in enumerate(rows, start=2)]
    import_rows(session, run=run, rows=numbered, pepper=PEPPER, at=at)
    close_run(session, run=run, at=at)
    session.expire_all()
    return run


def findings(session: Session, run: ImportRun) -> list[Finding]:
    rows = select(ImportMatch.finding).where(ImportMatch.run_id == run.id).order_by(ImportMatch.row_number)
    return list(session.scalars(rows))


def reasons(session: Session, run: ImportRun) -> list[str]:
    return list(session.scalars(select(ImportProblem.reason).where(ImportProblem.run_id == run.id)))


def entries(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(LedgerEntry)) or 0


def test_insurance_confirms_what_is_counted_and_changes_no_total(session: Session):
    placement = make_counted(session, graduate=named(session, 1))
    before = entries(session)
    run = take(session, ListKind.INSURANCE, [insured(1, placement)])
    assert findings(session, run) == [Finding.CONFIRMED]
    assert (placement.state, placement.grade) == (ClaimState.CONFIRMED, Grade.A)
    assert entries(session) == before
    assert verify_chain(session) == []


def test_insurance_puts_a_claim_up_for_a_second_officer_and_counts_nothing(session: Session):
    placement = make_claim(session, graduate=named(session, 1), state=ClaimState.RETURNED, return_reason="补")
    run = take(session, ListKind.INSURANCE, [insured(1, placement)])
    assert findings(session, run) == [Finding.PROVED]
    assert (placement.state, placement.return_reason) == (ClaimState.EVIDENCED, None)
    proof = session.scalar(select(Evidence).where(Evidence.grade == Grade.A))
    assert (proof.method, proof.sha256, proof.type) == ("import", "one", "social_insurance")
    assert entries(session) == 0


def test_a_released_list_counts_by_the_rule_in_the_name_of_the_second_officer(session: Session):
    maker, checker = make_officer(session).user, make_officer(session).user
    good = make_claim(session, graduate=named(session, 1))
    unverified = make_graduate(session, person_key=key_of(2))
    bad = make_claim(session, graduate=unverified)
    run = take(session, ListKind.INSURANCE, [insured(1, good), insured(2, bad)], maker=maker)
    assert release_run(session, run_id=run.id, by=checker, at=AT) == 2
    assert findings(session, run) == [Finding.COUNTED, Finding.NOT_COUNTED]
    assert (good.state, bad.state) == (ClaimState.CONFIRMED, ClaimState.EVIDENCED)
    (count,) = session.scalars(select(LedgerEntry))
    assert (count.actor_id, count.grade) == (checker.id, "A")
    note = session.scalar(select(ImportMatch.note).where(ImportMatch.placement_id == bad.id))
    assert "学历还没有核验" in note
    assert run.findings == {"counted": 1, "not_counted": 1}
    assert release_run(session, run_id=run.id, by=checker, at=AT) == 0
    assert entries(session) == 1
    assert verify_chain(session) == []


def test_whoever_handed_a_list_in_can_neither_release_nor_verify_it(session: Session):
    maker = make_officer(session).user
    placement = make_claim(session, graduate=named(session, 1))
    run = take(session, ListKind.INSURANCE, [insured(1, placement)], maker=maker)
    with pytest.raises(MakerChecks):
        release_run(session, run_id=run.id, by=maker, at=AT)
    assert placement.state is ClaimState.EVIDENCED


@pytest.mark.parametrize("scope", [Scope.AUDITOR, Scope.STATION])
def test_who_decides_nothing_releases_nothing(session: Session, scope: Scope):
    changes = {"institution_code": "4142010486"} if scope is Scope.STATION else {}
    officer = make_officer(session, scope, **changes).user
    run = take(session, ListKind.INSURANCE, [insured(1, make_claim(session, graduate=named(session, 1)))])
    with pytest.raises(NotAllowed):
        release_run(session, run_id=run.id, by=officer, at=AT)


def test_a_unit_releases_only_what_lies_in_the_unit(session: Session):
    here = make_claim(session, graduate=named(session, 1))
    there = make_claim(session, graduate=named(session, 2), district="420106", unit="420106")
    officer = make_officer(session, Scope.UNIT, unit="WH-DHGX").user
    run = take(session, ListKind.INSURANCE, [insured(1, here), insured(2, there)])
    assert release_run(session, run_id=run.id, by=officer, at=AT) == 1
    assert findings(session, run) == [Finding.COUNTED, Finding.PROVED]


def test_a_list_still_being_read_cannot_be_released(session: Session):
    run = open_run(session, kind=ListKind.INSURANCE.value, filename="a", digest="a", at=AT)
    with pytest.raises(NothingToCheck):
        release_run(session, run_id=run.id, by=make_officer(session).user, at=AT)


def test_the_same_rows_in_another_file_are_known(session: Session):
    counted, claimed = (
        make(session, graduate=named(session, n)) for n, make in ((1, make_counted), (2, make_claim))
    )
    rows = [insured(1, counted), insured(2, claimed), insured(2, claimed)]
    first = take(session, ListKind.INSURANCE, rows)
    evidence = session.scalar(select(func.count()).select_from(Evidence))
    again = take(session, ListKind.INSURANCE, rows, digest="two")
    assert (first.imported, first.merged) == (2, 1)
    assert (again.imported, again.merged, findings(session, again)) == (0, 3, [])
    assert session.scalar(select(func.count()).select_from(Evidence)) == evidence


def test_rows_that_prove_nothing_say_what_they_found(session: Session):
    placement = make_counted(session, graduate=named(session, 1))
    named(session, 2, name="李四")
    rows = [
        insured(1, placement, employer="另一家公司", credit_code=None),
        insured(1, placement, name="不是本人"),
        insured(2, placement, name="李四"),
        insured(3, placement),
        insured(1, placement, first_on="2027-01"),
        insured(1, placement, place="黄石市"),
    ]
    run = take(session, ListKind.INSURANCE, rows)
    assert findings(session, run) == [Finding.OTHER_EMPLOYER, Finding.DIFFERS]
    assert run.findings == {"other_employer": 1, "differs": 1, "no_claim": 1}
    assert (run.unmatched, run.refused) == (1, 2)
    assert any("参保不满 1 个月" in reason for reason in reasons(session, run))
    assert placement.state is ClaimState.COUNTED


def test_a_list_that_knows_the_other_document_finds_the_same_person(session: Session):
    row = insured(9, make_counted(session, graduate=named(session, 1)))
    one, two = make_officer(session).user.id, make_officer(session).user.id
    join_persons(session, duplicate_key=key_of(9), person_key=key_of(1), first_id=one, second_id=two, at=NOW)
    run = take(session, ListKind.INSURANCE, [row])
    assert findings(session, run) == [Finding.CONFIRMED]


def test_insurance_of_somebody_whose_count_was_taken_back_proves_nothing(session: Session):
    placement = make_claim(session, graduate=named(session, 1), state=ClaimState.REVERSED)
    run = take(session, ListKind.INSURANCE, [insured(1, placement)])
    assert run.findings == {"no_claim": 1}


def test_a_licence_proves_an_own_business_but_no_employment(session: Session):
    own = make_claim(
        session, graduate=named(session, 1), outcome_code="75", employer_id=None, proof="shop_records"
    )
    work = make_claim(session, graduate=named(session, 2))
    licence = {
        "employer": "演示文创工作室",
        "credit_code": make_employer(session).credit_code,
        "role": "经营者",
        "status": "存续",
        "founded_on": "2026-05-01",
        "place": "武汉市江汉区",
    }
    rows = [
        {"name": one.graduate.name, "number": number_of(serial), **licence}
        for serial, one in ((1, own), (2, work))
    ]
    run = take(session, ListKind.LICENCES, rows)
    assert run.findings == {"proved": 1, "no_claim": 1}


ROLL = {"school": "武汉大学", "degree": "本科", "graduation_on": "2026-06-30", "major": "软件工程"}


def test_a_roll_verifies_degrees_by_number_and_only_proposes_likenesses(session: Session):
    maker = make_officer(session, Scope.STATION, institution_code="4142010486").user
    known = make_graduate(session, person_key=key_of(1), graduation_on=date(2026, 6, 20))
    alike = make_graduate(session, person_key=None)
    other_degree = make_graduate(session, person_key=key_of(3), degree=Degree.MASTER)
    rows = [
        {"name": known.name, "number": number_of(1), **ROLL},
        {"name": alike.name, "number": number_of(2), **ROLL},
        {"name": other_degree.name, "number": number_of(3), **ROLL},
        {"name": "没有这个人", "number": number_of(4), **ROLL},
        {"name": known.name, "number": number_of(1), **ROLL, "school": "武汉理工大学"},
        {"name": known.name, "number": number_of(1), **ROLL, "graduation_on": "2027-06-30"},
    ]
    run = take(session, ListKind.ROLL, rows, maker=maker)
    assert findings(session, run) == [Finding.VERIFIED, Finding.PROPOSED, Finding.DIFFERS]
    assert (known.graduation_on, known.degree_verified_by_id) == (date(2026, 6, 30), maker.id)
    assert (alike.degree_verified_on, other_degree.degree_verified_on) == (None, None)
    assert (run.unmatched, run.refused) == (1, 2)
    again = take(session, ListKind.ROLL, rows[:1], maker=maker, digest="two")
    assert again.findings == {"known": 1}


REGISTERED = {
    "school": "武汉大学",
    "code": "10",
    "employer": "演示用人单位",
    "place": "武汉市洪山区",
    "started_on": "2026-06-25",
    "agreement": "2026-1",
    "pay": "8000",
}


def test_registered_outcomes_become_claims_and_unknown_codes_are_refused(session: Session):
    employer = make_employer(session)
    first, second = named(session, 1), named(session, 2, name="李四")
    rows = [
        {"name": first.name, "number": number_of(1), **REGISTERED},
        {"name": first.name, "number": number_of(1), **REGISTERED},
        {
            "name": second.name,
            "number": number_of(2),
            **REGISTERED,
            "code": "11",
            "credit_code": employer.credit_code,
        },
        {"name": second.name, "number": number_of(2), **REGISTERED, "code": "99"},
        {"name": second.name, "number": number_of(2), **REGISTERED, "code": "70", "started_on": None},
        {"name": second.name, "number": number_of(2), **REGISTERED, "code": "12", "started_on": None},
        {"name": second.name, "number": number_of(2), **REGISTERED, "code": "801", "employer": None},
    ]
    maker = make_officer(session).user
    run = take(session, ListKind.OUTCOMES, rows, maker=maker)
    assert run.findings == {"claimed": 2, "known": 1, "no_claim": 1}
    assert run.refused == 3
    one, two = session.scalars(select(Placement).order_by(Placement.id))
    assert (one.outcome_code, one.state, one.unit, one.pay) == ("10", ClaimState.EVIDENCED, "420111", 8000)
    assert (two.outcome_code, two.state, two.employer_id) == ("11", ClaimState.CLAIMED, employer.id)
    assert {one.claimed_by_id, two.claimed_by_id} == {maker.id}
    assert entries(session) == 0


def test_a_registered_outcome_beside_a_live_count_is_shown_not_written(session: Session):
    placement = make_counted(session, graduate=named(session, 1))
    row = {"name": placement.graduate.name, "number": number_of(1), **REGISTERED}
    run = take(session, ListKind.OUTCOMES, [row])
    assert findings(session, run) == [Finding.OTHER_EMPLOYER]
    assert session.scalar(select(func.count()).select_from(Placement)) == 1


def figure(value: str, revision: str = "1", **changes: object) -> dict[str, object]:
    said = {"unit": "洪山区", "month": "2026-05", "figure": "当月", "document": "洪人社〔2026〕8号"}
    return {**said, "value": value, "revision": revision, **changes}


def test_figures_keep_every_revision_and_stand_after_a_second_officer(session: Session):
    maker, checker = make_officer(session).user, make_officer(session).user
    rows = [figure("100"), figure("100"), figure("120"), figure("120", "2"), figure("5", month="2020-01")]
    run = take(session, ListKind.FIGURES, rows, maker=maker)
    assert run.findings == {"recorded": 2, "known": 1}
    assert any("第 1 版已登记为 100" in reason for reason in reasons(session, run))
    kept = session.scalars(select(ReportedFigure).order_by(ReportedFigure.revision)).all()
    assert [(one.value, one.revision, one.status, one.unit) for one in kept] == [
        (100, 1, "unverified", "420111"),
        (120, 2, "unverified", "420111"),
    ]
    with pytest.raises(MakerChecks):
        release_run(session, run_id=run.id, by=maker, at=AT)
    release_run(session, run_id=run.id, by=checker, at=AT)
    session.expire_all()
    assert {(one.status, one.approved_by_id) for one in kept} == {("approved", checker.id)}


def test_a_unit_cannot_let_its_own_figures_stand(session: Session):
    run = take(session, ListKind.FIGURES, [figure("100")])
    unit = make_officer(session, Scope.UNIT, unit="420111")
    with pytest.raises(NotAllowed):
        release_run(session, run_id=run.id, by=unit.user, at=AT)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(st.tuples(st.integers(1, 5), st.sampled_from(["2026-05", "2026-06", "2026-09"])), max_size=12),
    st.randoms(),
)
def test_order_batches_and_repetition_of_rows_change_no_claim(
    session: Session, rows: list[tuple[int, str]], random
):
    """However rows are ordered and cut, every claim ends in the same state with the same evidence."""
    ends = []
    for shuffled in (False, True):
        with session.begin_nested() as trial:
            made = {
                serial: (make_counted if serial % 2 else make_claim)(session, graduate=named(session, serial))
                for serial in range(1, 6)
            }
            given_rows = [insured(serial, made[serial], first_on=month) for serial, month in rows]
            if shuffled:
                given_rows = given_rows * 2
                random.shuffle(given_rows)
            for part, start in enumerate(range(0, len(given_rows), 5)):
                take(session, ListKind.INSURANCE, given_rows[start : start + 5], digest=f"{shuffled}{part}")
            ends.append([(one.state, one.grade) for one in made.values()])
            trial.rollback()
            session.expunge_all()
    assert ends[0] == ends[1]


def test_insurance_answers_who_is_still_here_with_any_employer_and_changes_no_total(session: Session):
    placement = make_counted(session, graduate=named(session, 1))
    later = NOW + timedelta(days=190)
    assert open_follow_ups(session, on=later.date()) == 1
    before = entries(session)
    row = insured(1, placement, employer="另一家公司", credit_code=None, first_on="2026-10")
    take(session, ListKind.INSURANCE, [row], at=later)
    asked = session.scalars(select(FollowUp)).one()
    assert (asked.result, asked.months) == (Result.RETAINED_A, 6)
    assert entries(session) == before


def test_the_import_login_is_no_officer_who_could_release(session: Session):
    run = take(session, ListKind.INSURANCE, [insured(1, make_claim(session, graduate=named(session, 1)))])
    login = session.scalar(select(Evidence.submitted_by_id).where(Evidence.method == "import"))
    assert session.scalar(select(Officer).where(Officer.user_id == login)) is None
    with pytest.raises(NotAllowed):
        release_run(session, run_id=run.id, by=session.get_one(User, login), at=AT)
