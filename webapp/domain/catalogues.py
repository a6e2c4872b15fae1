"""Catalogues everybody chooses from: institutions, majors, districts (data/taxonomy)."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "data" / "taxonomy"


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution of the MOE list; ``code`` has ten digits and survives renames."""

    code: str
    name: str
    level: str
    city: str
    former_names: tuple[str, ...] = ()
    province: str = ""


@dataclass(frozen=True, slots=True)
class Major:
    """A major; ``level`` is the degree whose catalogue it stands in."""

    level: str
    code: str
    name: str
    category: str


@dataclass(frozen=True, slots=True)
class District:
    """A place of work: a district (GB/T 2260) or a functional zone (our own code)."""

    code: str
    name: str
    is_zone: bool
    aliases: tuple[str, ...]


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def institutions() -> Mapping[str, Institution]:
    """Return all institutions by code."""
    return {
        row["code"]: Institution(
            row["code"],
            row["name"],
            row["level"],
            row["city"],
            tuple(filter(None, row["aliases"].split("|"))),
            row["province"],
        )
        for row in _rows("institutions.csv")
    }


@cache
def majors() -> Sequence[Major]:
    """Return all majors of all levels."""
    return tuple(
        Major(row["level"], row["code"], row["name"], row["category_name"]) for row in _rows("majors.csv")
    )


@cache
def districts() -> Mapping[str, District]:
    """Return Wuhan's districts and zones by code, in the order people list them."""
    return {
        row["code"]: District(
            row["code"], row["name"], row["zone"] == "1", tuple(filter(None, row["aliases"].split("|")))
        )
        for row in _rows("districts.csv")
    }


def institution_name(code: str | None) -> str:
    """Return an institution's name; an unknown code is shown as it is."""
    known = institutions().get(code or "")
    return known.name if known else code or ""


def district_name(code: str | None) -> str:
    """Return a district's or zone's name; an unknown code is shown as it is."""
    known = districts().get(code or "")
    return known.name if known else code or ""


def find_institutions(text: str, limit: int = 20) -> list[Institution]:
    """Return institutions whose name or code contains ``text``, Wuhan's and prefixes first."""
    hits = [one for one in institutions().values() if text in one.name or one.code.endswith(text)]
    hits.sort(key=lambda one: (not one.name.startswith(text), one.city != "武汉市", len(one.name)))
    return hits[:limit]


def find_majors(text: str, level: str | None = None, limit: int = 20) -> list[Major]:
    """Return majors whose name contains ``text``, of one level if given, shortest names first."""
    hits = [one for one in majors() if text in one.name and level in (None, "", one.level)]
    hits.sort(key=lambda one: (not one.name.startswith(text), len(one.name), one.name))
    return hits[:limit]


def institution_by_name(name: str) -> Institution | None:
    """Return the institution of exactly this name (brackets of either width)."""
    plain = name.strip().replace("(", "（").replace(")", "）")
    return next((one for one in institutions().values() if one.name == plain), None)
