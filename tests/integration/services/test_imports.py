"""Importing postings into the tables, on both databases."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tests.factories import make_period
from webapp.domain.employers import EmployerStatus
from webapp.domain.identifiers import credit_code_is_valid
from webapp.domain.postings import Kind, PostingStatus
from webapp.models import Employer, ImportProblem, ImportRun, MatchChange, Posting
from webapp.queries.post_ledger import PostFilter, post_totals
from webapp.reading.tables import Row
from webapp.services.imports.postings import KIND, import_batch
from webapp.services.imports.runs import batches_after, close_run, open_run

AT = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 3, 4, 0, tzinfo=UTC)


def imported(session: Session) -> Posting:
    """Return the one posting there is, with its employer."""
    return session.scalars(select(Posting).options(joinedload(Posting.employer))).one()


def row(number: int, **changes: Any) -> Row:
    fields = {
        "source": "zhaopin_wuhan2024",
        "title": f"数据分析师{number}",
        "description": "岗位职责：整理销售数据，写周报。任职要求：熟悉 SQL。",
        "salary": "8-12K·14薪",
        "city": "武汉",
        "district": "洪山",
        "education": "本科",
        "company": "武汉某某科技有限公司",
    }
    return Row(number, {**fields, **changes})


def import_rows(session: Session, rows: Sequence[Row], digest: str = "a", size: int = 3) -> ImportRun:
    run = open_run(session, kind=KIND, filename="postings.jsonl", digest=digest, at=AT)
    for batch in batches_after(run.position, rows, size=size):
        import_batch(session, run=run, rows=batch, at=AT)
    close_run(session, run=run, at=AT)
    return run


def counts(run: ImportRun) -> tuple[int, int, int]:
    return run.imported, run.merged, run.refused


def test_a_recent_posting_in_wuhan_is_live_with_a_verified_employer(session: Session) -> None:
    import_rows(session, [row(1)])
    posting = imported(session)
    assert (posting.status, posting.kind, posting.district) == (PostingStatus.LIVE, Kind.JOB, "420111")
    assert (posting.pay_min, posting.pay_max, posting.months) == (8000, 12000, 14)
    assert (posting.duties, posting.requirements) == ("整理销售数据，写周报。", "熟悉 SQL。")
    assert (posting.published_at, posting.valid_until_on) == (AT, date(2027, 1, 31))
    assert posting.origin == "import:zhaopin_wuhan2024"
    employer = posting.employer
    assert (employer.status, employer.verified_on) == (EmployerStatus.APPROVED, date(2026, 11, 2))
    assert employer.origin == "import:zhaopin_wuhan2024"
    assert credit_code_is_valid(employer.credit_code)


def test_a_posting_above_the_threshold_is_marked_as_well_paid(session: Session) -> None:
    import_rows(session, [row(1, salary="30-40K"), row(2, salary="4-5K"), row(3, salary="面议")])
    marked = session.scalars(select(Posting.title).where(Posting.well_paid.is_(True)))
    assert list(marked) == ["数据分析师1"]


def test_postings_elsewhere_or_of_years_ago_are_only_archived(session: Session) -> None:
    import_rows(
        session, [row(1, city="上海"), row(2, source="lagou_da2019"), row(3, city=None, company=None)]
    )
    assert set(session.scalars(select(Posting.status))) == {PostingStatus.ARCHIVED}
    assert set(session.scalars(select(Employer.status))) == {EmployerStatus.DRAFT}
    assert session.scalar(select(func.count(MatchChange.id))) == 0


def test_the_matching_hears_of_every_live_posting_once(session: Session) -> None:
    import_rows(session, [row(1), row(2), row(3, city="上海"), row(4)])
    changed = list(session.scalars(select(MatchChange.owner_id)))
    live = list(session.scalars(select(Posting.id).where(Posting.status == PostingStatus.LIVE)))
    assert sorted(changed) == sorted(live)
    assert len(live) == 3


def test_one_employer_is_made_for_all_postings_of_a_name(session: Session) -> None:
    import_rows(session, [row(1), row(2), row(3, city="上海"), row(4, company="别家", city="上海"), row(5)])
    names = session.execute(select(Employer.name, Employer.status).order_by(Employer.name)).tuples().all()
    assert set(names) == {
        ("武汉某某科技有限公司", EmployerStatus.APPROVED),
        ("别家", EmployerStatus.DRAFT),
    }


def test_an_employer_first_met_elsewhere_is_verified_when_it_offers_work_in_wuhan(session: Session) -> None:
    import_rows(session, [row(1, city="上海")])
    import_rows(session, [row(2)], digest="b")
    assert session.scalars(select(Employer)).one().status is EmployerStatus.APPROVED


def test_the_same_row_twice_is_merged_and_counted(session: Session) -> None:
    same = [row(1), Row(2, row(1).fields), Row(3, row(1).fields), row(4), Row(5, row(4).fields)]
    assert counts(import_rows(session, same)) == (2, 3, 0)
    assert session.scalar(select(func.count(Posting.id))) == 2


def test_rows_that_offer_one_post_are_counted_once_and_told_as_merged(session: Session) -> None:
    make_period(session)
    rows = [
        row(1, title="数据分析师"),
        row(2, title="急聘 数据分析师（双休）", salary="8000-12000元", source="another_board2024"),
        row(3, title="数据分析师", district=None, source="third_board2024"),
        row(4, title="会计", description="审核凭证，编制报表，申报税款，配合年度审计与汇算清缴。"),
    ]
    assert counts(import_rows(session, rows)) == (2, 2, 0)
    assert session.scalar(select(func.count(Posting.id))) == 4
    assert post_totals(session, PostFilter("P15")).total == 2


def test_a_second_file_with_known_rows_adds_only_what_is_new(session: Session) -> None:
    import_rows(session, [row(1), row(2)])
    assert counts(import_rows(session, [row(1), row(2), row(3)], digest="b")) == (1, 2, 0)


def test_the_same_file_again_changes_nothing(session: Session) -> None:
    rows = [row(1), row(2), row(3, title="")]
    first = counts(import_rows(session, rows))
    again = import_rows(session, rows)
    assert counts(again) == first == (2, 0, 1)
    assert session.scalar(select(func.count(ImportRun.id))) == 1
    assert session.scalar(select(func.count(ImportProblem.id))) == 1


def test_a_refused_row_is_kept_with_its_number_and_reason(session: Session) -> None:
    run = import_rows(
        session,
        [row(1, title=None), row(2, company=None), Row(3, None, "这一行不是完整的 JSON"), row(4)],
    )
    problems = session.execute(select(ImportProblem.row_number, ImportProblem.reason)).tuples().all()
    assert sorted(problems) == [(1, "岗位名称缺失"), (2, "单位名称缺失"), (3, "这一行不是完整的 JSON")]
    assert counts(run) == (1, 0, 3)


def test_a_run_goes_on_behind_its_last_batch(session: Session) -> None:
    rows = [row(number) for number in range(1, 8)]
    run = open_run(session, kind=KIND, filename="postings.jsonl", digest="a", at=AT)
    import_batch(session, run=run, rows=rows[:3], at=AT)
    session.commit()
    taken_up = open_run(session, kind=KIND, filename="postings.jsonl", digest="a", at=LATER)
    assert (taken_up.id, taken_up.position) == (run.id, 3)
    assert [[one.number for one in batch] for batch in batches_after(3, rows, size=3)] == [[4, 5, 6], [7]]
    assert counts(import_rows(session, rows)) == (7, 0, 0)


def test_hostile_words_are_stored_as_words(session: Session) -> None:
    hostile = "<script>alert(1)</script>'; DROP TABLE posting;--"
    import_rows(session, [row(1, title=hostile, description=hostile, company=hostile, district=hostile)])
    posting = imported(session)
    assert (posting.title, posting.duties, posting.employer.name) == (hostile, hostile, hostile)
