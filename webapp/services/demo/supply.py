"""Bases and stations of the demo programme."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from webapp.models import Employer, Station, TraineeshipBase
from webapp.services.demo.rows import day, read_list


def load_supply(session: Session, *, folder: Path, employers: Mapping[str, Employer], at: datetime) -> None:
    """Register the bases and open the stations."""
    for row in read_list(folder, "bases"):
        session.add(
            TraineeshipBase(
                **{name: row[name] for name in ("name", "kind", "unit", "district", "address", "capacity")},
                employer_id=employers[row["employer"]].id,
                approved_on=date.fromisoformat(row["approved_on"]),
                valid_to_on=day(row["valid_to_on"]),
                created_at=at,
            )
        )
    for row in read_list(folder, "stations"):
        session.add(
            Station(
                institution_code=row["institution_code"],
                name=row["name"],
                opened_on=date.fromisoformat(row["opened_on"]),
                created_at=at,
            )
        )
    session.flush()
