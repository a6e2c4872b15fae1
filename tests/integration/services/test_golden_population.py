"""Two hundred people classified by hand: the services come to every verdict and total in the file."""

import csv
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.counted import retained
from tests.stories import prove
from webapp.domain.dates import city_date
from webapp.domain.definitions import definitions
from webapp.domain.errors import PlatformError
from webapp.domain.evidence import EvidenceNotFitting
from webapp.domain.retention import CannotCount, Cause, Outcome
from webapp.models import Graduate, LiveCount, Period, PersonAlias, Placement, User
from webapp.queries.asof import count_as_of
from webapp.queries.counted import covers
from webapp.services import corrections, placements, reversals, verifications
from webapp.services.ledger import MovesNotFollowed, verify_chain
from webapp.services.placements import OutcomeUnknown
from webapp.services.programme import load_programme

FILE = Path(__file__).parents[2] / "golden" / "population.csv"
AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
OWN = {"75", "76"}
Row = dict[str, str]


def people() -> list[Row]:
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


def totals() -> dict[tuple[str, str], int]:
    said = re.findall(r"^# total (\S+) (\S+) (\d+)$", FILE.read_text(encoding="utf-8"), re.MULTILINE)
    return {(period, key): int(total) for period, key, total in said}


@dataclass
class Office:
    """Officers who do to each person of the file what the file says."""

    session: Session
    officers: list[User]

    def take(self, row: Row) -> tuple[str, str, Placement | None]:
        """Let a person claim and prove, judge the claim, and return state, reasons and the claim."""
        graduate = self._register(row)
        deeds = row["then"].split()
        self._do([one for one in deeds if one.startswith("alias_first")], row, None)
        try:
            claim = self._claim(graduate, row)
        except OutcomeUnknown:
            return "", "outcome_unknown", None
        reason = self._prove(claim, row) or self._judge(claim, int(row["verifiers"]))
        self._do([one for one in deeds if not one.startswith("alias_first")], row, claim)
        return claim.state.value, reason, claim

    def _register(self, row: Row) -> Graduate:
        graduate = factories.make_graduate(
            self.session,
            person_key=row["document"] or None,
            graduation_on=date.fromisoformat(row["graduated_on"]),
        )
        if row["degree_verified"] == "yes":
            verifications.verify_degree(self.session, by=self.officers[0], graduate_id=graduate.id, at=AT)
        return graduate

    def _claim(self, graduate: Graduate, row: Row) -> Placement:
        outcome = Outcome(
            code=row["code"],
            started_on=city_date(datetime.fromisoformat(row["started_at"])),
            district=row["place"] or None,
            pay=int(row["pay"]) if row["pay"] else None,
            employer_name=None if row["code"][:2] in OWN else "演示单位",
        )
        return placements.claim_placement(
            self.session,
            by=self.session.get_one(User, graduate.user_id),
            graduate_id=graduate.id,
            outcome=outcome,
            at=AT,
        )

    def _prove(self, claim: Placement, row: Row) -> str:
        try:
            prove(self.session, claim, *row["evidence"].split())
        except EvidenceNotFitting:
            return "evidence_not_fitting"
        return ""

    def _judge(self, claim: Placement, verifiers: int) -> str:
        for officer in self.officers[:verifiers]:
            try:
                with self.session.begin_nested():
                    verifications.approve_placement(self.session, by=officer, placement_id=claim.id, at=AT)
            except CannotCount as refusal:
                return " ".join(block.value for block in refusal.blocks)
            except PlatformError:
                return ""
        return ""

    def _do(self, deeds: list[str], row: Row, claim: Placement | None) -> None:
        for deed in deeds:
            name, _, said = deed.partition(":")
            known: dict[str, Any] = {"placement_id": claim.id if claim else 0, "at": AT}
            getattr(self, f"_{name}")(said, row, known)

    def _alias(self, document: str, row: Row, _known: dict[str, Any]) -> None:
        by_key = select(Graduate.id).order_by(Graduate.id).limit(1)
        duplicate, stays = (
            self.session.scalars(by_key.where(Graduate.person_key == key)).one()
            for key in (row["document"], document)
        )
        asked = corrections.ask_join(
            self.session,
            by=self.officers[0],
            duplicate_id=duplicate,
            graduate_id=stays,
            reason="同一人两个证件",
            at=AT,
        )
        corrections.carry_out(self.session, by=self.officers[1], correction_id=asked.id, at=AT)

    _alias_first = _alias

    def _alias_void(self, _said: str, row: Row, _known: dict[str, Any]) -> None:
        alias = self.session.get_one(PersonAlias, row["document"])
        asked = corrections.ask_separate(
            self.session, by=self.officers[0], alias_seq=alias.seq, reason="合并有误", at=AT
        )
        corrections.carry_out(self.session, by=self.officers[1], correction_id=asked.id, at=AT)

    def _move(self, place: str, _row: Row, known: dict[str, Any]) -> None:
        moved = {"district": place, "on": date(2026, 10, 1), "reason": "工作地点变动"}
        asked = corrections.ask_move(self.session, by=self.officers[2], **known, **moved)  # type: ignore[arg-type]
        with pytest.raises(MovesNotFollowed), self.session.begin_nested():
            corrections.carry_out(self.session, by=self.officers[3], correction_id=asked.id, at=AT)

    def _confirm(self, proof: str, _row: Row, known: dict[str, Any]) -> None:
        prove(self.session, self.session.get_one(Placement, known["placement_id"]), proof)
        verifications.approve_placement(self.session, by=self.officers[2], **known)

    def _dispute(self, _said: str, _row: Row, known: dict[str, Any]) -> None:
        reversals.dispute_count(self.session, by=self.officers[2], reason="抽查", **known)

    def _uphold(self, _said: str, _row: Row, known: dict[str, Any]) -> None:
        reversals.uphold_count(self.session, by=self.officers[2], **known)

    def _reverse(self, cause: str, _row: Row, known: dict[str, Any]) -> None:
        reversals.request_reversal(self.session, by=self.officers[2], cause=Cause(cause), **known)
        reversals.reverse_count(self.session, by=self.officers[3], **known)

    def _reverse_refused(self, cause: str, row: Row, known: dict[str, Any]) -> None:
        with pytest.raises(PlatformError), self.session.begin_nested():
            self._reverse(cause, row, known)

    def _return(self, _said: str, _row: Row, known: dict[str, Any]) -> None:
        verifications.return_placement(self.session, by=self.officers[2], reason="日期不符", **known)


def told(session: Session, claim: Placement | None) -> Row:
    """Return where a person stands in the count, in the words of the file."""
    live = session.scalar(select(LiveCount).where(LiveCount.placement_id == claim.id)) if claim else None
    if live is None:
        return dict.fromkeys(("period", "unit", "month", "grade", "definitions"), "")
    covering = [
        one.id
        for one in definitions().values()
        if session.scalar(select(LiveCount.seq).where(LiveCount.seq == live.seq, covers(one, LiveCount)))
    ]
    return {
        "period": live.period_id,
        "unit": live.unit,
        "month": live.attributed_month,
        "grade": live.grade,
        "definitions": " ".join(covering),
    }


def test_the_file_holds_two_hundred_people_and_its_totals_are_those_of_its_lines() -> None:
    listed = people()
    assert len(listed) == len({row["person"] for row in listed}) == 200
    counted = Counter((row["period"], key) for row in listed for key in row["definitions"].split())
    assert counted == totals()


def test_every_verdict_and_every_total_is_the_one_said_by_hand(session: Session) -> None:
    load_programme(session, at=AT)
    session.get_one(Period, "P14").status = "closing"
    office = Office(session, [factories.make_officer(session).user for _ in range(4)])
    taken = [(row, *office.take(row)) for row in people()]
    session.expire_all()
    found = {
        row["person"]: {
            "state": claim.state.value if claim else state,
            "reason": reason,
            **told(session, claim),
        }
        for row, state, reason, claim in taken
    }
    names = ("state", "reason", "period", "unit", "month", "grade", "definitions")
    expected = {row["person"]: {name: row[name] for name in names} for row in people()}
    assert {key: one for key, one in found.items() if one != expected[key]} == {}
    for (period_id, key), total in totals().items():
        one = definitions()[key]
        kept = retained(session, period_id, definition=one)
        folded = count_as_of(session, period_id=period_id, definition=one, as_of=city_date(AT))
        assert total == kept.total == folded.total
        assert all(sum(sums.values()) == total for sums in kept.by.values())
    assert verify_chain(session) == []
