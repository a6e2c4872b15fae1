"""The demo programme is told by the real deeds, so it must pass every rule."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.domain.digests import Frequency
from webapp.domain.pipeline import Stage
from webapp.domain.retention import ClaimState
from webapp.models import Application, Digest, Graduate, Interview, Offer, Placement, Posting
from webapp.services.demo import is_loaded, load_demo
from webapp.services.ledger import verify_chain
from webapp.services.programme import load_programme
from webapp.settings import ROOT, Settings

AT = datetime(2027, 5, 11, 4, 0, tzinfo=UTC)
"""Long after the story was written down: a demo is loaded on any day."""


@pytest.fixture
def demo(session: Session) -> Session:
    load_programme(session, at=AT)
    assert not is_loaded(session)
    settings = Settings()
    summary = load_demo(
        session, folder=ROOT / "data" / "demo", at=AT, pepper=settings.pepper, file_key=settings.fernet_key
    )
    assert summary.refused == ()
    return session


def test_no_rule_refuses_any_deed_of_the_story_and_the_ledger_holds(demo: Session):
    assert is_loaded(demo)
    assert verify_chain(demo) == []
    assert (demo.scalar(select(func.count(Graduate.id))) or 0) >= 200
    assert (demo.scalar(select(func.count(Posting.id)).where(Posting.origin == "demo")) or 0) >= 400
    stages = set(demo.scalars(select(Application.stage).distinct()))
    assert stages == set(Stage) - {Stage.DRAFT, Stage.ONBOARDED} | ({Stage.ONBOARDED} & stages)
    states = set(demo.scalars(select(Placement.state).distinct()))
    assert {ClaimState.COUNTED, ClaimState.CONFIRMED, ClaimState.REVERSED, ClaimState.RETURNED} <= states
    assert {ClaimState.EVIDENCED, ClaimState.DISPUTED, ClaimState.PROVISIONAL} <= states
    wishes = set(demo.scalars(select(Digest.frequency)))
    assert wishes == {Frequency.DAILY, Frequency.WEEKLY}
    months = set(demo.scalars(select(Placement.started_on).where(Placement.state == ClaimState.COUNTED)))
    assert len({day.month for day in months}) >= 6

    waiting = {Stage.OFFER_MADE: Offer.deadline_on, Stage.INTERVIEW_SCHEDULED: Interview.starts_at}
    for stage, due in waiting.items():
        told = select(due).join(Application).where(Application.stage == stage)
        ahead = [one.date() if isinstance(one, datetime) else one for one in demo.scalars(told)]
        assert len(ahead) >= 8
        assert AT.date() <= min(ahead) <= max(ahead) < AT.date() + timedelta(weeks=4)
