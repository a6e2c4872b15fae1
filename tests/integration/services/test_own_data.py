"""All that is kept about a graduate can be taken along: every table, in words, nobody else's."""

import json
from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.counted import make_counted, make_verified_graduate
from tests.factories import NOW, TODAY, make_officer, make_period, make_posting, make_resume
from tests.lists import make_lists
from tests.statements import asking
from tests.stories import begin, make_file
from webapp.domain.digests import Frequency
from webapp.domain.evidence import Grade
from webapp.domain.followup import Result, Source
from webapp.domain.lists import Finding, MatchGrade
from webapp.domain.offers import ContractType
from webapp.domain.pipeline import Stage
from webapp.domain.retention import EntryKind
from webapp.domain.sampling import AuditFinding
from webapp.models import (
    AuditItem,
    AuditSample,
    Base,
    Confirmation,
    DigestPosting,
    FollowUp,
    FollowUpAnswer,
    Graduate,
    ImportMatch,
    ImportRun,
    LedgerCorrection,
    LedgerEntry,
    OutgoingLetter,
    Placement,
    RegisteredOutcome,
    SavedPosting,
    User,
)
from webapp.queries.own_data import PARTS, SECRETS, everything_about
from webapp.services.audit import record_deed, record_look
from webapp.services.digests import choose
from webapp.services.invitations import invite

NAMING = {"graduate_id", "user_id", "owner_id", "application_id", "placement_id", "person_key", "person_root"}
"""Names of columns that say whose a row is, where no foreign key does."""
LEFT_OUT = {
    "names only who in an office did it": {
        *("audit_sample", "closed_month", "figure_check", "import_run", "ledger_check", "post_entry"),
        *("post_question", "post_separation", "publication", "published_figure", "reconciliation"),
        *("report_order", "report_release", "report_snapshot", "reported_figure"),
    },
    "belongs to an employer or an office": {"employer", "member", "officer", "posting", "staff_invitation"},
    "is a sum of the entries taken along": {"live_count"},
    "ties two keyed numbers, which nobody is given": {"person_alias"},
    "is made from the resume by a model, means nothing to people and is made anew": {"embedding"},
    "says that something changed, for the search to notice": {"match_change"},
}


@pytest.fixture(autouse=True)
def period(session: Session) -> None:
    make_period(session)


@pytest.fixture
def officer(session: Session) -> User:
    user = make_officer(session).user
    user.name = "核验员王芳"
    return user


def lived(session: Session, officer: User) -> Graduate:
    """A graduate of whom every table holds something."""
    graduate = make_verified_graduate(session)
    make_resume(session, graduate, file_id=make_file(session, graduate.user).id)
    story = begin(session, graduate=graduate).tell_until(Stage.AGREEMENT_SIGNED)
    other = make_posting(session, story.posting.employer, title="测试工程师")
    graduate.searchable = True
    invite(
        session, by=story.employer_user, posting_id=other.id, graduate_id=graduate.id, message="欢迎", at=NOW
    )
    make_lists(session, {graduate: [other]}, at=NOW)
    choose(session, graduate=graduate, frequency=Frequency.DAILY, at=NOW)
    about = {"graduate_id": graduate.id}
    letter = {"message_id": f"<{graduate.id}@test>", "sealed": b"x", "written_at": NOW, "due_at": NOW}
    session.add_all(
        [
            SavedPosting(**about, posting_id=other.id, created_at=NOW),
            DigestPosting(**about, posting_id=other.id, told_on=date(2026, 6, 1)),
            RegisteredOutcome(**about, code="11", registered_at=NOW),
            OutgoingLetter(user_id=graduate.user_id, **letter),
        ]
    )
    when = {"at": NOW, "on_behalf_of": "市就业中心"}
    record_look(session, by=officer, graduate_id=graduate.id, action="graduate_opened", **when)
    record_deed(session, by=graduate.user, action="posting reported", subject=f"posting:{other.id}", **when)
    checked(session, make_counted(session, graduate=graduate), officer)
    return graduate


def checked(session: Session, placement: Placement, officer: User) -> None:
    """Let offices ask about a count, audit it, meet it in a list and correct it."""
    about = {"placement_id": placement.id}
    seq = session.scalars(select(LedgerEntry.seq).filter_by(**about)).one()
    frozen = {"frozen_at": NOW, "frozen_by_id": officer.id, "frozen_seq": seq, "frozen_hash": "h"}
    sample = AuditSample(period_id="P15", population=1, size=1, secret="s", **frozen)
    run = ImportRun(kind="insurance", filename="名单.csv", digest=str(placement.id), started_at=NOW)
    window = dict.fromkeys(("opens_on", "due_on", "closes_on"), date(2026, 12, 1))
    cohort = {"period_id": "P15", "unit": "WH-DHGX", "cohort_month": "2026-06"}
    follow_up = FollowUp(**about, **cohort, **window, months=6)
    session.add_all([sample, run, follow_up])
    session.flush()
    found = {"finding": AuditFinding.RIGHT, "found_by_id": officer.id, "found_at": NOW}
    met = {"grade": MatchGrade.EXACT, "finding": Finding.CONFIRMED, "graduate_id": placement.graduate_id}
    moved = {"kind": EntryKind.MOVE_OUT, "district": "420106", "moved_on": TODAY, "reason": "单位搬迁"}
    decided = {"done": True, "decided_by_id": make_officer(session).user_id, "decided_at": NOW}
    left = {"source": Source.OFFICER, "result": Result.LEFT, "reason": "pay", "by_id": officer.id}
    session.add_all(
        [
            AuditItem(**about, **found, sample_id=sample.id, position=1, seq=seq),
            ImportMatch(**about, **met, run_id=run.id, row_number=1),
            FollowUpAnswer(**left, follow_up_id=follow_up.id, at=NOW),
            LedgerCorrection(**about, **moved, **decided, asked_by_id=officer.id, asked_at=NOW),
            Confirmation(**about, at=NOW, by_id=officer.id),
        ]
    )
    session.flush()


def test_every_table_about_a_person_is_taken_along_or_says_why_not() -> None:
    taken = {table.__tablename__ for table, _own in PARTS.values()}
    about = {
        table.name
        for table in Base.metadata.tables.values()
        if NAMING & set(table.columns.keys()) or taken & {key.column.table.name for key in table.foreign_keys}
    }
    assert about - taken == set().union(*LEFT_OUT.values())


def test_every_part_holds_what_is_ones_own_and_nothing_of_others(session: Session, officer: User) -> None:
    mine, theirs = (everything_about(session, lived(session, officer)) for _ in range(2))
    assert [part for part, rows in mine.items() if not rows] == []
    for part, rows in mine.items():
        if isinstance(rows, list) and "id" in rows[0]:
            assert not {one["id"] for one in rows} & {one["id"] for one in theirs[part]}
    assert {part: len(rows) for part, rows in mine.items()} == {
        part: len(rows) for part, rows in theirs.items()
    }


def test_codes_and_numbers_are_said_in_words(session: Session, officer: User) -> None:
    kept = everything_about(session, lived(session, officer))
    assert kept["profile"]["institution"] == "武汉大学"
    assert kept["saved"][0]["posting"] == kept["told"][0]["posting"] == "测试工程师"
    assert kept["saved"][0]["employer"] == kept["agreements"][0]["employer"]
    assert kept["offers"][0]["district"] == "东湖新技术开发区"
    assert kept["offers"][0]["contract_type"] is ContractType.FIXED
    assert kept["counts"][0]["grade"] is Grade.B
    assert kept["evidence"][0]["type"] == "劳动合同"
    assert kept["follow_up_answers"][0]["reason"] != "pay"
    [file] = [one for one in kept["files"] if one["id"] == kept["resumes"][0]["file_id"]]
    assert (file["filename"], file["size"], file["created_at"]) == ("contract.pdf", 1, NOW)
    assert kept["steps"][0]["application_id"] == kept["applications"][0]["id"]


def test_no_key_and_nobody_of_an_office_is_in_it(session: Session, officer: User) -> None:
    graduate = lived(session, officer)
    kept = everything_about(session, graduate)
    columns = {
        name for rows in kept.values() for row in (rows if isinstance(rows, list) else [rows]) for name in row
    }
    users = {
        column.key
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(key.column.table.name == "user" for key in column.foreign_keys)
    }
    assert not columns & (SECRETS | users)
    record = json.dumps(kept, default=str, ensure_ascii=False)
    assert str(graduate.person_key) not in record
    assert officer.name not in record


def test_a_longer_life_asks_no_more_of_the_database(session: Session, engine: Engine, officer: User) -> None:
    graduate = lived(session, officer)
    for _ in range(3):
        begin(session, graduate=graduate)
    with asking(engine) as asked:
        everything_about(session, graduate)
    assert len(asked) == len(PARTS)
