"""Lists on the officers' pages: handed in by one, read in the background, released by another."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO, StringIO

import pytest
from openpyxl import Workbook
from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum.cn import ric

from tests.counted import make_claim, make_counted, make_verified_graduate
from tests.factories import make_officer, make_period
from webapp.domain.identifiers import DocType, person_key
from webapp.domain.retention import ClaimState
from webapp.domain.roles import Scope
from webapp.models import ImportMatch, ImportRun, LedgerEntry, StoredFile, User
from webapp.settings import Settings
from webapp.tasks.imports import work_off

HEADER = ["姓名", "身份证号", "单位名称", "统一社会信用代码", "参保起始月", "参保地"]
SETTINGS = Settings()
BODY = "42010120030714001"
NUMBER = BODY + ric.calc_check_digit(f"{BODY}0")


@pytest.fixture(autouse=True)
def _period(session: Session) -> None:
    make_period(session)


@pytest.fixture
def person(session: Session):
    key = person_key(SETTINGS.pepper, DocType.IDENTITY_CARD, NUMBER)
    return make_verified_graduate(session, person_key=key)


def officer(session: Session, scope: Scope = Scope.CITY) -> User:
    reach = {Scope.UNIT: {"unit": "WH-DHGX"}, Scope.STATION: {"institution_code": "4142010486"}}
    return make_officer(session, scope, **reach.get(scope, {})).user


def line(placement) -> list[str]:
    return [
        placement.graduate.name,
        NUMBER,
        placement.employer.name,
        placement.employer.credit_code,
        "2026-06",
        "武汉市",
    ]


def as_csv(*lines: list[str]) -> BytesIO:
    out = StringIO()
    csv.writer(out).writerows([HEADER, *lines])
    return BytesIO(out.getvalue().encode("utf-8-sig"))


def as_xlsx(*lines: list[str]) -> BytesIO:
    book, out = Workbook(), BytesIO()
    for one in [HEADER, *lines]:
        book.active.append(one)
    book.save(out)
    return BytesIO(out.getvalue())


def hand_in(client, content: BytesIO, *, kind: str = "insurance", name: str = "名单.csv"):
    return client.post("/officer/imports/new", data={"kind": kind, "file": (content, name)})


def work(session: Session) -> None:
    """Do what the worker does each minute."""

    @contextmanager
    def transaction() -> Iterator[Session]:
        yield session
        session.flush()

    session.commit()
    work_off(transaction, SETTINGS)
    session.expire_all()


@pytest.mark.parametrize("pack", [as_csv, as_xlsx])
def test_a_list_goes_from_one_officer_through_the_worker_to_another(session, visitor, person, pack):
    placement = make_claim(session, graduate=person)
    maker, checker = officer(session), officer(session, Scope.UNIT)
    broken = ["某人", "123", "某单位", "", "2026-06", "武汉市"]
    where = hand_in(visitor(maker), pack(line(placement), broken)).headers["Location"]
    page = visitor(maker).get(where).text
    assert "刷新进度" in page
    assert NUMBER not in page
    kept = session.scalars(select(StoredFile).where(StoredFile.purpose == "import")).one()
    assert NUMBER.encode() not in kept.sealed
    work(session)
    assert placement.state is ClaimState.EVIDENCED
    assert session.scalar(select(LedgerEntry)) is None
    assert "核对无误，放行" not in visitor(maker).get(where).text
    assert "提交人不能核对自己的名单" in visitor(maker).get(where).text
    visitor(maker).post(where)
    work(session)
    assert session.scalar(select(LedgerEntry)) is None
    assert "核对无误，放行" in visitor(checker).get(where).text
    assert visitor(checker).post(where).status_code == 302
    work(session)
    assert placement.state is ClaimState.CONFIRMED
    assert session.scalars(select(LedgerEntry)).one().actor_id == checker.id
    rows = visitor(maker).get(f"{where}/rows").text
    assert person.name in rows
    assert "证件号码一致" in rows
    problems = visitor(maker).get(f"{where}/problems?format=csv").text
    assert "3" in problems
    assert "123" not in problems


def test_the_very_same_file_is_the_same_run_and_changes_nothing(session, visitor, person):
    placement = make_counted(session, graduate=person)
    maker, other = officer(session), officer(session)
    listed = line(placement)
    first = hand_in(visitor(maker), as_csv(listed)).headers["Location"]
    work(session)
    assert placement.state is ClaimState.CONFIRMED
    assert hand_in(visitor(other), as_csv(listed)).headers["Location"] == first
    work(session)
    assert session.scalars(select(ImportRun)).one().asked_by_id == maker.id
    assert len(session.scalars(select(ImportMatch)).all()) == 1


def test_a_station_hands_in_rolls_and_sees_only_its_own_runs(session, visitor, person):
    station, city = officer(session, Scope.STATION), officer(session)
    insurance = hand_in(visitor(station), as_csv(), kind="insurance")
    assert insurance.status_code == 200
    assert session.scalar(select(ImportRun)) is None
    where = hand_in(visitor(city), as_csv()).headers["Location"]
    for page in ("", "/rows", "/problems"):
        assert visitor(station).get(f"{where}{page}").status_code == 404
    assert "导入名单" in visitor(station).get("/officer/imports").text


def test_a_unit_sees_the_rows_of_its_own_claims_and_hands_nothing_in(session, visitor, person):
    placement = make_claim(session, graduate=person, district="420106", unit="420106")
    where = hand_in(visitor(officer(session)), as_csv(line(placement))).headers["Location"]
    work(session)
    unit = visitor(officer(session, Scope.UNIT))
    assert unit.get("/officer/imports/new").status_code == 403
    assert person.name not in unit.get(f"{where}/rows").text
    assert "核对无误，放行" not in unit.get(where).text


def test_an_auditor_reads_and_releases_nothing(session, visitor, person):
    placement = make_claim(session, graduate=person)
    where = hand_in(visitor(officer(session)), as_csv(line(placement))).headers["Location"]
    work(session)
    auditor = visitor(officer(session, Scope.AUDITOR))
    assert auditor.get(where).status_code == 200
    assert "核对无误，放行" not in auditor.get(where).text
    auditor.post(where)
    work(session)
    assert placement.state is ClaimState.EVIDENCED


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x00\x01\x02", "不是可以导入的表格"),
        ("姓名,身份证号\n甲,1\n".encode(), "表头里缺少"),
        (b"PK\x03\x04 no workbook", "不是可以导入的表格"),
        (b"a,b\n" * 40, "不是可以导入的表格"),
    ],
)
def test_what_is_no_list_is_refused_before_anything_is_kept(session, visitor, content, sentence):
    page = hand_in(visitor(officer(session)), BytesIO(content), name="../名单.csv").text
    assert sentence in page
    assert session.scalar(select(StoredFile)) is None
    assert session.scalar(select(ImportRun)) is None


def test_a_list_longer_than_other_uploads_is_taken(session, visitor):
    long = as_csv(*[["甲", "1", "乙", "", "2026-06", "武汉市"]] * 400_000)
    assert long.getbuffer().nbytes > 11 * 1024 * 1024
    assert hand_in(visitor(officer(session)), long).status_code == 302
