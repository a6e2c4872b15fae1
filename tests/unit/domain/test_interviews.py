from datetime import UTC, datetime, timedelta

import pytest

from webapp.domain.interviews import LABELS, Mode, Report, outcome_of
from webapp.domain.pipeline import Stage

SLOT = datetime(2026, 6, 20, 2, 0, tzinfo=UTC)
HELD, G_ABSENT, E_ABSENT = Report


@pytest.mark.parametrize(
    ("employer", "graduate", "hours", "stage"),
    [
        (None, None, 100, None),
        (HELD, None, 1, Stage.INTERVIEWED),
        (None, HELD, 1, None),
        (None, HELD, 23, None),
        (None, HELD, 24, Stage.INTERVIEWED),
        (HELD, HELD, 1, Stage.INTERVIEWED),
        (G_ABSENT, None, 1, None),
        (G_ABSENT, None, 24, Stage.NO_SHOW),
        (None, E_ABSENT, 24, Stage.NO_SHOW),
        (G_ABSENT, G_ABSENT, 1, Stage.NO_SHOW),
        (G_ABSENT, HELD, 100, None),
        (HELD, E_ABSENT, 100, None),
        (G_ABSENT, E_ABSENT, 100, None),
    ],
)
def test_what_two_reports_lead_to(
    employer: Report | None, graduate: Report | None, hours: int, stage: Stage | None
) -> None:
    assert outcome_of(employer, graduate, starts_at=SLOT, at=SLOT + timedelta(hours=hours)) is stage


def test_labels() -> None:
    assert set(LABELS) == {*Mode, *Report}
