"""One person under two accounts: what an officer is shown, and may compare, before deciding."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from tests.counted import make_claim, make_verified_graduate
from tests.factories import NOW, make_graduate, make_officer, make_period
from tests.statements import asking, plan_of, scanned
from webapp.domain.identifiers import DocType, person_key
from webapp.domain.retention import ClaimState
from webapp.domain.roles import Scope
from webapp.models import AuditEntry, Graduate, LedgerEntry, Placement
from webapp.queries.officers import Reach
from webapp.queries.persons import doubles_of
from webapp.queries.standing import evidence_of
from webapp.services import persons
from webapp.settings import Settings

CARD = "360426199101010071"
OTHER = "11010519491231002X"
FAR = {"unit": "420106", "district": "420106"}
WARNING = "可能重复登记"
ALIKE = "姓名、学校和毕业日期相同，证件不同"
SAME, DIFFERENT = "a" * 64, "b" * 64
SAME_FILE = "证明材料是同一份文件"


@pytest.fixture(autouse=True)
def period(session: Session) -> None:
    make_period(session)


def said(page: str) -> set[str]:
    return {sentence for sentence in (ALIKE, SAME_FILE) if sentence in page}


def key_of(number: str, doc_type: DocType = DocType.IDENTITY_CARD) -> str:
    return person_key(Settings().pepper, doc_type, number)


def with_file(session: Session, placement: Placement, sha256: str | None) -> Placement:
    evidence_of(session, placement.id)[0].sha256 = sha256
    return placement


def claim_of(session: Session, name: str, sha256: str | None, **changes: Any) -> Placement:
    claim = make_claim(session, graduate=make_verified_graduate(session, name=name), **changes)
    return with_file(session, claim, sha256)


Read = Callable[..., str]


@pytest.fixture
def read(session: Session, visitor: Any) -> Read:
    def page(placement: Placement, scope: Scope = Scope.CITY) -> str:
        unit = {"unit": placement.unit} if scope is Scope.UNIT else {}
        return (
            visitor(make_officer(session, scope, **unit).user).get(f"/officer/placements/{placement.id}").text
        )

    return page


@pytest.mark.parametrize("scope", [Scope.CITY, Scope.UNIT, Scope.AUDITOR])
@pytest.mark.parametrize(
    ("other", "shown"),
    [
        (("张三丰", DIFFERENT), {ALIKE}),
        (("李四光", SAME), {SAME_FILE}),
        (("张三丰", SAME), {ALIKE, SAME_FILE}),
        (("李四光", DIFFERENT), set()),
    ],
)
def test_an_officer_sees_what_speaks_for_a_second_account(
    session: Session, read: Read, scope: Scope, other: tuple[str, str], shown: set[str]
) -> None:
    claim, second = claim_of(session, "张三丰", SAME), claim_of(session, *other)
    page = read(claim, scope)
    assert said(page) == shown
    assert (WARNING in page) is bool(shown)
    links = {
        f'"/officer/placements/{second.id}"': SAME_FILE in shown,
        f'"/officer/graduates/{second.graduate_id}"': ALIKE in shown and scope is not Scope.AUDITOR,
        f'"/officer/graduates/{claim.graduate_id}/same-person"': ALIKE in shown and scope is Scope.CITY,
    }
    assert {link: link in page for link in links} == links
    assert "李四光" not in page


def test_what_is_out_of_reach_is_said_and_not_shown(session: Session, read: Read) -> None:
    claim = claim_of(session, "张三丰", SAME)
    other = claim_of(session, "张三丰", SAME, **FAR)
    page = read(claim, Scope.UNIT)
    assert "还有 2 处在其他单位，请与市级工作人员核对。" in page
    assert said(page) == set()
    assert f"/officer/placements/{other.id}" not in page
    assert said(read(claim)) == {ALIKE, SAME_FILE}


def test_own_claims_lists_and_no_file_at_all_speak_for_nothing(session: Session, read: Read) -> None:
    claim = claim_of(session, "张三丰", SAME)
    with_file(session, make_claim(session, graduate=claim.graduate), SAME)
    imported = claim_of(session, "李四光", SAME)
    evidence_of(session, imported.id)[0].file_id = None
    assert WARNING not in read(claim)
    nothing = with_file(session, claim, None)
    claim_of(session, "王五", None)
    assert WARNING not in read(nothing)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_nothing_is_read_from_end_to_end(session: Session, engine: Engine) -> None:
    claim = claim_of(session, "张三丰", SAME)
    claim_of(session, "张三丰", SAME)
    session.execute(text("ANALYZE"))
    with asking(engine) as asked:
        doubles_of(session, Reach(unit="WH-DHGX"), claim)
    session.execute(text("SET LOCAL enable_seqscan = off"))
    assert {table for one in asked for table in scanned(plan_of(session, one))} == set()


KEYS: Mapping[str, str | None] = {
    "card": key_of(CARD),
    "passport": key_of("CHNE12345678", DocType.PASSPORT),
    "another": key_of(OTHER),
    "none": None,
}


COUNTED, WAITS = ClaimState.COUNTED, ClaimState.EVIDENCED


@pytest.mark.parametrize(
    ("registered", "typed", "state"),
    [
        ("card", CARD, COUNTED),
        ("card", " 360426-19910101 0071 ", COUNTED),
        ("passport", "chn e12345678", COUNTED),
        ("card", OTHER, WAITS),
        ("card", CARD[:-1], WAITS),
        ("card", "CHNE12345678", WAITS),
        ("none", CARD, WAITS),
        ("card", "", COUNTED),
        ("another", "   ", COUNTED),
    ],
)
def test_the_number_on_the_papers_must_be_the_persons(
    session: Session, visitor: Any, registered: str, typed: str, state: ClaimState
) -> None:
    claim = make_claim(session, graduate=make_verified_graduate(session, person_key=KEYS[registered]))
    officer = visitor(make_officer(session).user)
    page = officer.post(f"/officer/placements/{claim.id}", data={"verdict": "approve", "number": typed}).text
    assert session.get(Placement, claim.id).state is state
    assert session.scalars(select(LedgerEntry.delta)).all() == [1] * (state is COUNTED)
    looks = session.scalars(
        select(AuditEntry.action).where(AuditEntry.graduate_id == claim.graduate_id)
    ).all()
    assert ("number_matched" in looks) is (state is COUNTED and bool(typed.strip()))
    assert ("number_refused" in looks) is (state is WAITS)
    if state is WAITS:
        assert ("还没有登记证件号码" if registered == "none" else "与本人登记的不一致") in page
        assert f'value="{typed}"' in page


def test_a_joined_document_is_the_same_persons(session: Session, visitor: Any) -> None:
    make_graduate(session, person_key=KEYS["passport"])
    first, second = (make_officer(session).user_id for _ in range(2))
    persons.join_persons(
        session,
        duplicate_key=str(KEYS["passport"]),
        person_key=str(KEYS["card"]),
        first_id=first,
        second_id=second,
        at=NOW,
    )
    claim = make_claim(session, graduate=make_verified_graduate(session, person_key=KEYS["card"]))
    officer = visitor(make_officer(session).user)
    officer.post(f"/officer/placements/{claim.id}", data={"verdict": "approve", "number": "CHNE12345678"})
    assert session.get(Placement, claim.id).state is ClaimState.COUNTED


def test_a_claim_is_returned_whatever_number_was_typed(session: Session, visitor: Any) -> None:
    claim = make_claim(session, graduate=make_verified_graduate(session, person_key=KEYS["card"]))
    officer = visitor(make_officer(session).user)
    sent = {"verdict": "return", "note": "证件号码与合同不一致", "number": OTHER}
    officer.post(f"/officer/placements/{claim.id}", data=sent)
    assert session.get(Placement, claim.id).state is ClaimState.RETURNED


def test_the_number_is_kept_nowhere(session: Session, visitor: Any) -> None:
    claim = make_claim(session, graduate=make_verified_graduate(session, person_key=KEYS["card"]))
    visitor(make_officer(session).user).post(
        f"/officer/placements/{claim.id}", data={"verdict": "approve", "number": CARD}
    )
    entries = session.scalars(select(AuditEntry)).all()
    assert entries
    assert not [one for one in entries if CARD in f"{one.facts} {one.subject}"]
    assert session.get(Graduate, claim.graduate_id).person_key == KEYS["card"]
