"""Two officers answer for a figure; parts stay within their wholes; targets are set by the city."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import make_officer
from webapp.domain.errors import Conflict, NotAllowed, NotFound
from webapp.domain.figure_rules import MonthOutside, MoreThanWhole, SaidFigure
from webapp.domain.figures import FigureKind, FigureStatus
from webapp.domain.indicators import Status
from webapp.domain.results import Proof
from webapp.domain.roles import Scope
from webapp.models import AuditEntry, ReportedFigure, Target, User
from webapp.queries.figures import revisions, standing_figures, waiting_figures
from webapp.queries.indicators import programme_indicators
from webapp.services.figures import (
    CorrectionNeedsReason,
    FigureWaits,
    OwnFigure,
    decide_figure,
    submit_figure,
)
from webapp.services.programme import load_programme
from webapp.services.targets import PeriodClosed, TargetSlot, set_target

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
ON = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _programme(session: Session) -> None:
    load_programme(session, at=AT)


@pytest.fixture
def officers(session: Session) -> tuple[User, User]:
    return make_officer(session).user, make_officer(session).user


def said(indicator: str = "certificates", value: object = 106_000, **changes: object) -> SaidFigure:
    return SaidFigure(
        **{
            "period_id": "P14",
            "indicator": indicator,
            "unit": "city",
            "kind": FigureKind.CUMULATIVE,
            "month": "2025-12",
            "value": Decimal(str(value)),
            "document": "演示公报〔2026〕1号",
        }
        | changes
    )


def stands(session: Session, officers: tuple[User, User], figure: SaidFigure) -> ReportedFigure:
    maker, checker = officers
    row = submit_figure(session, by=maker, said=figure, at=AT)
    return decide_figure(session, by=checker, figure_id=row.id, approved=True, at=AT)


def result(session: Session, indicator: str):
    rows = programme_indicators(session, period_id="P14", on=ON)
    return next(row.result for row in rows if row.indicator == indicator)


def test_a_figure_stands_once_a_second_officer_has_approved_it(session: Session, officers) -> None:
    maker, checker = officers
    figure = submit_figure(session, by=maker, said=said(), at=AT)
    assert standing_figures(session, "P14") == {}
    assert session.scalars(waiting_figures("P14")).all() == [figure]
    with pytest.raises(OwnFigure):
        decide_figure(session, by=maker, figure_id=figure.id, approved=True, at=AT)
    decide_figure(session, by=checker, figure_id=figure.id, approved=True, at=AT)
    found = result(session, "certificates")
    assert (found.status, found.proof, found.value) == (Status.MET, Proof.REPORTED, 106_000)
    assert list(found.documents) == ["演示公报〔2026〕1号"]
    with pytest.raises(Conflict):
        decide_figure(session, by=checker, figure_id=figure.id, approved=False, at=AT)
    deeds = session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"figure:{figure.id}"))
    assert list(deeds) == ["submit_figure", "decide_figure"]


def test_a_refused_figure_proves_nothing(session: Session, officers) -> None:
    maker, checker = officers
    figure = submit_figure(session, by=maker, said=said(), at=AT)
    decide_figure(session, by=checker, figure_id=figure.id, approved=False, at=AT)
    assert result(session, "certificates").status is Status.UNKNOWN


def test_a_restatement_of_a_closed_period_keeps_the_old_value(session: Session, officers) -> None:
    stands(session, officers, said())
    with pytest.raises(CorrectionNeedsReason):
        submit_figure(session, by=officers[0], said=said(value=105_000), at=AT)
    corrected = submit_figure(session, by=officers[0], said=said(value=105_000, reason="核减重复"), at=AT)
    with pytest.raises(FigureWaits):
        submit_figure(session, by=officers[0], said=said(value=104_000, reason="再核减"), at=AT)
    assert result(session, "certificates").status is Status.MET, "the correction waits"
    decide_figure(session, by=officers[1], figure_id=corrected.id, approved=True, at=AT)
    assert result(session, "certificates").status is Status.NOT_MET
    rows = revisions(session, period_id="P14", indicator="certificates")
    assert [(row.revision, row.value, row.reason, row.status) for row in rows] == [
        (1, 106_000, None, FigureStatus.APPROVED),
        (2, 105_000, "核减重复", FigureStatus.APPROVED),
    ]


def test_a_part_is_refused_from_both_sides(session: Session, officers) -> None:
    stands(session, officers, said("certificates", 60_000))
    stands(session, officers, said("senior_certificates", 60_000))
    with pytest.raises(MoreThanWhole):
        submit_figure(session, by=officers[0], said=said("senior_certificates", 60_001, reason="更正"), at=AT)
    with pytest.raises(MoreThanWhole):
        submit_figure(session, by=officers[0], said=said("certificates", 59_999, reason="更正"), at=AT)


def test_qihang_of_a_year_is_within_the_retained_of_that_year(session: Session, officers) -> None:
    for end, total in (("2021-12", 345_000), ("2022-12", 660_000)):
        stands(session, officers, said("retained", total, month=end))
    yearly = {"kind": FigureKind.YEARLY, "month": "2022-12"}
    stands(session, officers, said("qihang", 315_000, **yearly))
    with pytest.raises(MoreThanWhole):
        submit_figure(session, by=officers[0], said=said("qihang", 315_001, reason="更正", **yearly), at=AT)


def test_a_part_that_was_fine_when_written_down_is_checked_again(session: Session, officers) -> None:
    part = submit_figure(session, by=officers[0], said=said("senior_certificates", 50_000), at=AT)
    stands(session, officers, said("certificates", 40_000))
    with pytest.raises(MoreThanWhole):
        decide_figure(session, by=officers[1], figure_id=part.id, approved=True, at=AT)


@pytest.mark.parametrize(
    ("scope", "reach", "unit", "allowed"),
    [
        (Scope.UNIT, {"unit": "420106"}, "420106", True),
        (Scope.UNIT, {"unit": "420106"}, "420111", False),
        (Scope.UNIT, {"unit": "420106"}, "city", False),
        (Scope.STATION, {"institution_code": "4142010486"}, "city", False),
        (Scope.AUDITOR, {}, "city", False),
    ],
)
def test_who_writes_figures_down(
    session: Session, scope: Scope, reach: dict[str, str], unit: str, *, allowed: bool
) -> None:
    officer = make_officer(session, scope, **reach)
    if allowed:
        submit_figure(session, by=officer.user, said=said(unit=unit), at=AT)
        return
    with pytest.raises(NotAllowed):
        submit_figure(session, by=officer.user, said=said(unit=unit), at=AT)


def test_a_months_figure_waits_until_the_month_is_over(session: Session, officers) -> None:
    with pytest.raises(MonthOutside):
        submit_figure(
            session, by=officers[0], said=said("retained", 1, period_id="P15", month="2026-11"), at=AT
        )


def test_targets_of_units_and_years_are_set_one_by_one(session: Session, officers) -> None:
    slots = [
        TargetSlot("P15", "retained"),
        TargetSlot("P15", "retained", "420106"),
        TargetSlot("P15", "retained", "city", 2026),
        TargetSlot("P15", "retained", "420106", 2030),
    ]
    for value, slot in enumerate(slots, start=100):
        set_target(session, by=officers[0], slot=slot, value=Decimal(value), document="演示文件", at=AT)
    set_target(session, by=officers[0], slot=slots[1], value=Decimal(7), document="演示文件二", at=AT)
    rows = session.scalars(select(Target).where(Target.period_id == "P15", Target.indicator == "retained"))
    assert {(row.unit, row.year): row.value for row in rows} == {
        ("city", 0): 100,
        ("420106", 0): 7,
        ("city", 2026): 102,
        ("420106", 2030): 103,
    }


@pytest.mark.parametrize(
    ("slot", "refusal"),
    [
        (TargetSlot("P15", "retained", "420199"), NotFound),
        (TargetSlot("P15", "retained", "city", 2025), NotFound),
        (TargetSlot("P15", "nothing"), NotFound),
        (TargetSlot("P16", "retained"), NotFound),
        (TargetSlot("P14", "retained"), PeriodClosed),
    ],
)
def test_targets_that_cannot_be_set(session: Session, officers, slot: TargetSlot, refusal: type) -> None:
    with pytest.raises(refusal):
        set_target(session, by=officers[0], slot=slot, value=Decimal(1), document="演示文件", at=AT)


def test_well_paid_posts_are_never_asked_for_beyond_all_posts(session: Session, officers) -> None:
    deed = {"by": officers[0], "document": "演示文件", "at": AT}
    set_target(session, slot=TargetSlot("P15", "posts"), value=Decimal(10), **deed)
    with pytest.raises(MoreThanWhole):
        set_target(session, slot=TargetSlot("P15", "well_paid_posts"), value=Decimal(11), **deed)
    set_target(session, slot=TargetSlot("P15", "well_paid_posts"), value=Decimal(10), **deed)
    with pytest.raises(MoreThanWhole):
        set_target(session, slot=TargetSlot("P15", "posts"), value=Decimal(9), **deed)


def test_a_unit_officer_sets_no_target(session: Session) -> None:
    officer = make_officer(session, Scope.UNIT, unit="420106")
    slot = TargetSlot("P15", "retained", "420106")
    with pytest.raises(NotAllowed):
        set_target(session, by=officer.user, slot=slot, value=Decimal(1), document="演示文件", at=AT)


def test_adding_a_target_of_the_new_period_changes_nothing_of_the_old(session: Session, officers) -> None:
    before = programme_indicators(session, period_id="P14", on=ON)
    slot = TargetSlot("P15", "retained")
    set_target(session, by=officers[0], slot=slot, value=Decimal(1), document="演示文件", at=AT)
    after = programme_indicators(session, period_id="P14", on=ON)
    assert [row.result for row in before] == [row.result for row in after]
