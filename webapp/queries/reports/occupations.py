"""Which occupation of the national classification a posting's title names."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

import ahocorasick_rs

from webapp.domain.catalogues import FOLDER

SHORTEST = 2
"""Titles of one sign say nothing."""


@dataclass(frozen=True, slots=True)
class Occupation:
    """An occupation of the 职业分类大典 and the majors that lead to it."""

    code: str
    name: str
    majors: tuple[str, ...]


@cache
def occupations() -> Mapping[str, Occupation]:
    """Return the occupations by code."""
    return {
        row["code"]: Occupation(row["code"], row["name"], tuple(filter(None, row["majors"].split("|"))))
        for row in _rows()
    }


@lru_cache(maxsize=200_000)
def occupation_of(title: str) -> str | None:
    """Return the code of the occupation whose everyday title is the longest one within a posting's."""
    codes, finder = _titles()
    found = finder.find_matches_as_strings(_plain(title))
    return codes[max(found, key=len)] if found else None


@cache
def _titles() -> tuple[Mapping[str, str], ahocorasick_rs.AhoCorasick]:
    codes: dict[str, str] = {}
    for row in _rows():
        for title in (row["name"], *row["titles"].split("|")):
            if len(title) >= SHORTEST:
                codes.setdefault(_plain(title), row["code"])
    return codes, ahocorasick_rs.AhoCorasick(list(codes), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)


def _plain(title: str) -> str:
    """Return a title without blanks, in small letters."""
    return "".join(title.lower().split())


@cache
def _rows() -> list[dict[str, str]]:
    with (FOLDER / "occupations.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
