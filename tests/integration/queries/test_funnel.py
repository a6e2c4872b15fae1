from sqlalchemy.orm import Session

from tests import factories
from tests.stories import AT, begin
from webapp.domain.pipeline import Stage
from webapp.models import FunnelTotal
from webapp.queries.funnel import STAGES, funnel, summed
from webapp.queries.kept import differing
from webapp.queries.periods import periods
from webapp.services.funnel import rebuild_funnel


def test_the_funnel_counts_persons(session: Session) -> None:
    period = factories.make_period(session)
    graduate = factories.make_graduate(session, matched_at=AT)
    begin(session, graduate=graduate).tell_until(Stage.OFFER_MADE)
    begin(session, graduate=graduate)
    begin(session).tell_until(Stage.ONBOARDED)
    factories.make_graduate(session, institution_code="4142010487")
    factories.make_graduate(session, created_at=AT.replace(year=2025))
    assert funnel(session, period_id=period.id).stages == []
    rebuild_funnel(session, at=AT)
    assert not differing(session, FunnelTotal, summed(periods(session)))
    found = funnel(session, period_id=period.id)
    assert found.summed_at == AT
    counts = {stage.key: stage.count for stage in found.stages}
    assert counts == {
        "registered": 3,
        "matched": 1,
        "applied": 2,
        "answered": 2,
        "offered": 2,
        "onboarded": 1,
        "counted": 0,
        "still_here": 0,
    }
    assert list(counts) == list(STAGES)
    of_school = funnel(session, period_id=period.id, institution_code="4142010487")
    assert of_school.stages[0].count == 1


def test_the_sums_of_the_funnel_are_found_wrong_once_somebody_has_moved_on(session: Session) -> None:
    period = factories.make_period(session)
    graduate = factories.make_graduate(session)
    rebuild_funnel(session, at=AT)
    graduate.matched_at = AT
    session.flush()
    key = (period.id, graduate.institution_code, "matched")
    assert differing(session, FunnelTotal, summed([period])) == [f"funnel_total {key}: None, (1,)"]
