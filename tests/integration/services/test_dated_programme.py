"""Loading dated files: rules and periods under which somebody was counted stay as they are."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.counted import make_counted
from tests.factories import NOW
from webapp.domain.dated import PartitionBroken, PeriodFixed, RulesetInUse, RulesetUnknown
from webapp.domain.programme import FOLDER
from webapp.models import KeptRuleset, Period
from webapp.services.programme import load_programme


class Edit:
    """A copy of the programme's folder, one row of it changed."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder = Path(shutil.copytree(FOLDER, tmp_path / "programme"))

    def __call__(self, name: str, part: str, number: int, **changes: Any) -> Path:
        file = self.folder / f"{name}.json"
        table = json.loads(file.read_text(encoding="utf-8"))
        table[part][number] |= changes
        file.write_text(json.dumps(table), encoding="utf-8")
        return self.folder


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    return Edit(tmp_path)


@pytest.fixture(autouse=True)
def loaded(session: Session) -> None:
    load_programme(session, at=NOW)


def test_a_broken_partition_is_refused_on_loading(session: Session, edit: Edit) -> None:
    with pytest.raises(PartitionBroken):
        load_programme(session, at=NOW, folder=edit("units", "partition", 0, valid_to="2025-12-31"))


def test_a_ruleset_may_change_until_somebody_is_counted_by_it(session: Session, edit: Edit) -> None:
    folder = edit("rulesets", "rulesets", 0, cohort_years=4)
    load_programme(session, at=NOW, folder=folder)
    assert session.get_one(KeptRuleset, "RS-2026.1").content["cohort_years"] == 4
    make_counted(session)
    load_programme(session, at=NOW, folder=folder)
    with pytest.raises(RulesetInUse, match="已有计数"):
        load_programme(session, at=NOW)


def test_a_period_keeps_its_days_and_rules_once_somebody_is_counted(session: Session, edit: Edit) -> None:
    folder = edit("periods", "periods", 1, end_on="2030-12-30")
    load_programme(session, at=NOW, folder=folder)
    make_counted(session)
    with pytest.raises(PeriodFixed, match="P15"):
        load_programme(session, at=NOW)


def test_a_closed_period_is_never_reopened(session: Session, edit: Edit) -> None:
    with pytest.raises(PeriodFixed, match="P14"):
        load_programme(session, at=NOW, folder=edit("periods", "periods", 0, status="open"))
    load_programme(session, at=NOW, folder=edit("periods", "periods", 0, status="closed"))
    assert session.get_one(Period, "P14").status == "closed"


def test_a_period_by_rules_nobody_wrote_is_refused(session: Session, edit: Edit) -> None:
    with pytest.raises(RulesetUnknown, match="RS-9"):
        load_programme(session, at=NOW, folder=edit("periods", "periods", 1, ruleset="RS-9"))
