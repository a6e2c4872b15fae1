"""An audit from the freeze to its error rate: nobody chooses, everything can be repeated."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.counted import counted_live, make_counted
from tests.factories import NOW, make_officer, make_period
from webapp.domain import sampling as rules
from webapp.domain.dates import city_date
from webapp.domain.errors import Conflict, NotAllowed, NotFound
from webapp.domain.evidence import VerifierInvolved
from webapp.domain.retention import Cause, ClaimState
from webapp.domain.roles import Scope
from webapp.domain.sampling import AuditFinding, SampleTooSmall, draw, seed_of
from webapp.models import AuditItem, AuditSample, User, Verification
from webapp.queries import sampling
from webapp.services import sampling as deeds
from webapp.services.closing import publish_head
from webapp.services.reversals import request_reversal, reverse_count
from webapp.services.sampling import AuditorVerified, AuditUnfinished, CauseNeeded, NothingToAudit

NEXT = NOW + timedelta(days=1)
UNITS = [{"unit": "WH-DHGX", "district": "WH-DHGX"}, {"unit": "420106", "district": "420106"}]


@pytest.fixture(autouse=True)
def period(session: Session) -> None:
    make_period(session)


@pytest.fixture
def auditor(session: Session) -> User:
    return make_officer(session, Scope.AUDITOR).user


def frozen(session: Session, auditor: User, size: int = 20, **where: str) -> AuditSample:
    return deeds.freeze(session, by=auditor, period_id="P15", size=size, at=NOW, **where)


def drawn(session: Session, sample: AuditSample) -> list[AuditItem]:
    publish_head(session, day=city_date(NOW), at=NEXT)
    assert deeds.draw_waiting(session, at=NEXT) == [sample]
    wanted = select(AuditItem).where(AuditItem.sample_id == sample.id).order_by(AuditItem.position)
    return list(session.scalars(wanted))


def found(session: Session, by: User, item: AuditItem, finding: AuditFinding, **said: object) -> AuditItem:
    return deeds.record_finding(session, by=by, item_id=item.id, finding=finding, at=NEXT, **said)


def test_a_sample_waits_for_the_head_that_is_published_after_the_freeze(session, auditor):
    make_counted(session)
    publish_head(session, day=city_date(NOW) - timedelta(days=1), at=NOW)
    sample = frozen(session, auditor)
    assert deeds.draw_waiting(session, at=NOW) == []
    assert sample.seed is None
    assert len(drawn(session, sample)) == 1
    head = publish_head(session, day=city_date(NOW), at=NEXT)
    assert sample.beacon == head.hash
    assert sample.seed == seed_of(secret=sample.secret, frozen_hash=sample.frozen_hash, beacon=head.hash)
    assert deeds.draw_waiting(session, at=NEXT) == []


def test_only_what_stood_when_frozen_can_be_drawn_and_a_redraw_gives_the_same(session, auditor, monkeypatch):
    monkeypatch.setattr(deeds, "LEAST", 1)
    before = [make_counted(session) for _ in range(6)]
    by = [make_officer(session).user for _ in range(2)]
    for place, cause_on in ((0, NOW), (1, NEXT)):
        if place == 1:
            sample = frozen(session, auditor, size=3)
            make_counted(session)
        said = {"placement_id": before[place].id, "at": cause_on}
        request_reversal(session, by=by[0], cause=Cause.R1, **said)
        reverse_count(session, by=by[1], **said)
    assert (sample.population, sample.size) == (5, 3)
    items = drawn(session, sample)
    standing = sorted(sampling.frozen_rows(session, sample))
    assert len(standing) == sample.population, "reversed before: out; reversed or counted after: as it was"
    assert [item.seq for item in items] == draw(sample.seed, reversed(standing), 3)
    assert deeds.redraw(session, sample) == [item.seq for item in items]
    assert {item.placement_id for item in items} <= {one.id for one in before[1:]}


def test_a_unit_is_audited_by_itself(session, auditor):
    for where in (*UNITS, UNITS[1]):
        make_counted(session, **where)
    sample = frozen(session, auditor, unit="420106")
    assert sample.population == 2
    assert {sampling.find_item(session, item.id).placement.unit for item in drawn(session, sample)} == {
        "420106"
    }


@pytest.mark.parametrize("scope", [Scope.CITY, Scope.UNIT, Scope.STATION])
def test_the_audited_neither_order_an_audit_nor_judge_it(session, auditor, scope):
    reach = {Scope.UNIT: {"unit": "WH-DHGX"}, Scope.STATION: {"institution_code": "4142010486"}}
    by = make_officer(session, scope, **reach.get(scope, {})).user
    make_counted(session)
    with pytest.raises(NotAllowed):
        frozen(session, by)
    [item] = drawn(session, frozen(session, auditor))
    with pytest.raises(NotAllowed):
        found(session, by, item, AuditFinding.RIGHT)


def test_nobody_draws_again_until_they_like_what_they_see(session, auditor):
    make_counted(session)
    sample = frozen(session, auditor)
    with pytest.raises(AuditUnfinished):
        frozen(session, auditor)
    frozen(session, auditor, unit="WH-DHGX")
    publish_head(session, day=city_date(NOW), at=NEXT)
    assert len(deeds.draw_waiting(session, at=NEXT)) == 2
    with pytest.raises(AuditUnfinished):
        frozen(session, auditor)
    item = session.scalars(select(AuditItem).where(AuditItem.sample_id == sample.id)).one()
    found(session, auditor, item, AuditFinding.RIGHT)
    assert frozen(session, auditor).id != sample.id


@pytest.mark.parametrize("size", [-1, 0, rules.LEAST - 1, rules.MOST + 1])
def test_a_sample_has_a_sensible_size(session, auditor, size):
    make_counted(session)
    with pytest.raises(SampleTooSmall):
        frozen(session, auditor, size=size)


def test_there_must_be_somebody_to_audit(session, auditor):
    with pytest.raises(NothingToAudit):
        frozen(session, auditor)
    with pytest.raises(NotFound):
        deeds.freeze(session, by=auditor, period_id="P99", size=20, at=NOW)


def test_findings_make_an_error_rate_once_everybody_was_looked_at(session, auditor):
    for _ in range(4):
        make_counted(session)
    sample = frozen(session, auditor)
    items = drawn(session, sample)
    total = counted_live(session, "P15")
    found(session, auditor, items[0], AuditFinding.WRONG, cause=Cause.R1, note="合同系伪造")
    found(session, auditor, items[1], AuditFinding.RIGHT)
    found(session, auditor, items[2], AuditFinding.UNVERIFIABLE)
    assert sampling.error_rate(session, sample).interval is None
    assert sampling.latest_error_rate(session, "P15") is None
    found(session, auditor, items[3], AuditFinding.RIGHT)
    rate = sampling.latest_error_rate(session, "P15")
    assert (rate.right, rate.wrong, rate.unverifiable, rate.open) == (2, 1, 1, 0)
    assert rate.rate == pytest.approx(1 / 3)
    assert rate.interval == (0.25, 0.5), "all four were audited: the open one is right or wrong"
    assert items[0].placement.state is ClaimState.DISPUTED
    assert counted_live(session, "P15") == total, "an audit changes no figure"
    assert sampling.latest_error_rate(session, "P15", "WH-DHGX") is None


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        (AuditFinding.WRONG, {}),
        (AuditFinding.WRONG, {"cause": Cause.R1}),
        (AuditFinding.WRONG, {"note": "不实"}),
        (AuditFinding.RIGHT, {"cause": Cause.R1, "note": "不实"}),
    ],
)
def test_a_wrong_count_needs_a_cause_and_words(session, auditor, finding, said):
    make_counted(session)
    [item] = drawn(session, frozen(session, auditor))
    with pytest.raises(CauseNeeded):
        found(session, auditor, item, finding, **said)
    assert item.finding is None


def test_a_finding_is_written_once(session, auditor):
    make_counted(session)
    [item] = drawn(session, frozen(session, auditor))
    found(session, auditor, item, AuditFinding.RIGHT)
    with pytest.raises(Conflict):
        found(session, auditor, item, AuditFinding.UNVERIFIABLE)


def test_nobody_audits_what_they_had_a_part_in(session, auditor):
    make_counted(session, claimed_by_id=auditor.id)
    [item] = drawn(session, frozen(session, auditor))
    with pytest.raises(VerifierInvolved):
        found(session, auditor, item, AuditFinding.RIGHT)
    item.placement.claimed_by_id = item.placement.graduate.user_id
    session.add(
        Verification(placement_id=item.placement_id, verifier_id=auditor.id, round=1, approved=True, at=NOW)
    )
    with pytest.raises(AuditorVerified):
        found(session, auditor, item, AuditFinding.RIGHT)


def refused(session: Session, row: object, **changes: object) -> bool:
    """Say whether the database refuses a change, and undo it."""
    change = update(type(row)).where(type(row).id == row.id).values(**changes)
    try:
        with session.begin_nested():
            session.execute(change)
    except IntegrityError:
        session.expire_all()
        return True
    return False


def test_the_database_holds_a_drawn_sample_to_its_seed_and_a_finding_to_its_cause(session, auditor):
    make_counted(session)
    sample = frozen(session, auditor)
    for change in ({"seed": "x"}, {"size": 2}, {"beacon": "x"}):
        assert refused(session, sample, **change)
    [item] = drawn(session, sample)
    assert refused(session, item, finding=AuditFinding.WRONG, found_by_id=auditor.id)
    assert refused(session, item, finding=AuditFinding.RIGHT)
