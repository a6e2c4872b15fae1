"""The programme's own tables: rulesets, units, outcome codes, wages (data/programme)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "data" / "programme"
CITY = "city"
"""In the place of a unit: the whole city."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A reporting unit: a district or a functional zone."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Tile:
    """A unit's place on the schematic map, counted from the top left; no survey, only the direction."""

    column: int
    row: int
    width: int


@dataclass(frozen=True, slots=True)
class OutcomeCode:
    """A MOE 毕业去向 code and what it needs to count."""

    code: str
    name: str
    group: str
    counts: bool
    on_onboarding: bool
    min_grade: str | None
    needs_minimum_wage: bool


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The switches of one definition of the count; every count names the one it used."""

    id: str
    name: str
    cohort_month: int
    cohort_day: int
    cohort_years: int
    onboarding_days: int
    min_tenure_days: int
    grace_days: int
    min_insured_months: int
    insurance_lag_months: int
    follow_move: bool
    suppress_below: int
    checkpoints: tuple[int, ...]
    window_days: int
    pace_on: float
    pace_watch: float


def read_table(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """Return one file of the programme as it is written."""
    content: dict[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
    return content


@cache
def units() -> Mapping[str, Unit]:
    """Return the reporting units by code, in the order officers list them."""
    rows = read_table("units.json")["units"]
    return {row["code"]: Unit(row["code"], row["name"], row["kind"]) for row in rows}


@cache
def tiles() -> Mapping[str, Tile]:
    """Return where each unit stands on the schematic map."""
    return {code: Tile(**place) for code, place in read_table("units.json")["tiles"].items()}


def unit_name(code: str | None) -> str:
    """Return a unit's name; an unknown code is shown as it is."""
    known = units().get(code or "")
    return known.name if known else code or ""


@cache
def _partition() -> Sequence[tuple[str, str, date, date]]:
    return tuple(
        (
            row["place"],
            row["unit"],
            date.fromisoformat(row["valid_from"]),
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else date.max,
        )
        for row in read_table("units.json")["partition"]
    )


def unit_of(place: str | None, on: date) -> str | None:
    """Return the one unit that reports for a district or zone on a day; ``None`` outside Wuhan."""
    return next(
        (unit for code, unit, first, last in _partition() if code == place and first <= on <= last), None
    )


def gb2260_of(place: str) -> str:
    """Return the GB/T 2260 district of a place: zones have no national code, so each has a default."""
    zones: Mapping[str, str] = _zone_districts()
    return zones.get(place, place)


@cache
def _zone_districts() -> Mapping[str, str]:
    districts: dict[str, str] = read_table("units.json")["zone_gb2260"]
    return districts


@cache
def outcome_codes() -> Mapping[str, OutcomeCode]:
    """Return the outcome codes by code."""
    return {
        row["code"]: OutcomeCode(
            code=row["code"],
            name=row["name"],
            group=row["group"],
            counts=row["counts"] != "no",
            on_onboarding=row["counts"] == "on_onboarding",
            min_grade=row["min_grade"],
            needs_minimum_wage="min_wage" in row["conditions"],
        )
        for row in read_table("outcome_codes.json")["codes"]
    }


@cache
def _sub_codes() -> Mapping[str, str]:
    table = read_table("outcome_codes.json")
    local: dict[str, str] = table["local_codes"]
    return {**{sub: row["code"] for row in table["codes"] for sub in row["prefixes"]}, **local}


def outcome_code(code: str) -> OutcomeCode | None:
    """Return the code's entry, sub-codes and local codes mapped; an unknown one is never guessed."""
    plain = code.strip()
    return outcome_codes().get(_sub_codes().get(plain, plain))


@cache
def rulesets() -> Mapping[str, Ruleset]:
    """Return the rulesets by id."""
    return {row["id"]: _ruleset(row) for row in read_table("rulesets.json")["rulesets"]}


def _ruleset(row: Mapping[str, Any]) -> Ruleset:
    return Ruleset(
        id=row["id"],
        name=row["name"],
        cohort_month=row["cohort_opens"]["month"],
        cohort_day=row["cohort_opens"]["day"],
        cohort_years=row["cohort_years"],
        onboarding_days=row["onboarding_days"],
        min_tenure_days=row["min_tenure_days"],
        grace_days=row["grace_days"],
        min_insured_months=row["min_insured_months"],
        insurance_lag_months=row["insurance_lag_months"],
        follow_move=row["follow_move"],
        suppress_below=row["suppress_below"],
        checkpoints=tuple(row["retention_checkpoints_months"]),
        window_days=row["retention_window_days"],
        pace_on=row["pace"]["on"],
        pace_watch=row["pace"]["watch"],
    )


def minimum_wage(on: date) -> int:
    """Return Wuhan's minimum wage on a day, 0 where no rate is known for that day."""
    for row in reversed(_wages()):
        if row[0] <= on:
            return row[1]
    return 0


@cache
def _wages() -> Sequence[tuple[date, int]]:
    rows = read_table("minimum_wage.json")["rates"]
    return sorted((date.fromisoformat(row["valid_from"]), row["monthly"]) for row in rows)
