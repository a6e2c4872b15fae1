"""What officers' pages ask of the database: bounded, and the same for 10 rows as for 30."""

from datetime import timedelta
from itertools import count

import pytest

from tests.counted import make_claim, make_counted, make_verified_graduate
from tests.factories import NOW, TODAY, make_employer, make_graduate, make_officer, make_period, make_posting
from tests.statements import asking
from webapp.domain.postings import PostingStatus
from webapp.domain.retention import ClaimState, EntryKind
from webapp.models import AuditEntry, ImportRun, LedgerCorrection, Station, TraineeshipBase
from webapp.services.followups import open_follow_ups, rebuild_totals
from webapp.services.funnel import rebuild_funnel

MOST = 40
FURTHER = (
    "follow-ups/by/unit?months=6",
    "map?public=1",
    "retained/rows?of_unit=WH-DHGX&of_grade=B",
    "retained?by=institution",
    "retained?by=month&public=1",
    "?unit=WH-DHGX",
    "?institution=4142010486",
)
_numbers = count(1)


def fill(session, rows: int) -> None:
    """Let some more of everything happen that a page of officers lists."""
    officer = make_officer(session)
    for _ in range(rows):
        number = next(_numbers)
        counted = make_counted(session)
        make_claim(session, employer_id=None, employer_name=f"外地单位{number}")
        make_claim(session, state=ClaimState.DISPUTED)
        make_posting(session, status=PostingStatus.REVIEW, submitted_at=NOW)
        make_employer(session, approved=False, submitted_at=NOW)
        make_graduate(session, graduation_on=TODAY - timedelta(days=1))
        place = {"unit": "420106", "district": "420106"}
        base = TraineeshipBase(
            name=f"基地{number}", kind="internship", capacity=9, approved_on=TODAY, **place
        )
        run = ImportRun(kind="insurance", filename=f"{number}.csv", digest=str(number), started_at=NOW)
        look = {"actor_id": officer.user_id, "on_behalf_of": "市级工作人员", "at": NOW}
        entry = AuditEntry(action="placement_opened", graduate_id=counted.graduate_id, **look)
        station = Station(institution_code=str(number), name="工作站", opened_on=TODAY, created_at=NOW)
        asked = {"asked_by_id": officer.user_id, "asked_at": NOW, "reason": "搬迁", "moved_on": TODAY}
        move = LedgerCorrection(kind=EntryKind.MOVE_OUT, placement_id=counted.id, district="420106", **asked)
        base.created_at = NOW
        session.add_all([base, run, entry, station, move])
    session.flush()
    open_follow_ups(session, on=TODAY + timedelta(days=160))
    rebuild_totals(session, on=TODAY + timedelta(days=400), at=NOW)
    rebuild_funnel(session, at=NOW)


def plain_pages(app, audience: str) -> list[str]:
    """Return the pages of an audience that are asked for without naming a row."""
    return [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(f"/{audience}/") and "GET" in rule.methods and not rule.arguments
    ]


@pytest.fixture
def pages(app):
    """Every page of officers that is asked for without naming a row."""
    return sorted([*plain_pages(app, "officer"), *(f"/officer/{page}" for page in FURTHER)])


def test_no_page_asks_more_because_there_are_more_rows(session, visitor, engine, pages):
    make_period(session)
    make_verified_graduate(session)
    client = visitor(make_officer(session).user)

    def numbers() -> dict[str, int]:
        found = {}
        for page in pages:
            with asking(engine) as asked:
                status = client.get(page).status_code
            if status != 403:
                assert status in {200, 302}, page
                found[page] = len(asked)
        return found

    fill(session, 10)
    numbers()
    few = numbers()
    fill(session, 20)
    many = numbers()
    assert {page: (few[page], many[page]) for page in few if many[page] > few[page]} == {}
    assert {page: number for page, number in many.items() if number > MOST} == {}
