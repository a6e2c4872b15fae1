"""Pay of groups of people: shown only where no single employer could be read out of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from webapp.domain.publication import HIDDEN
from webapp.reports.document import Cell, Edition

LEAST_FIRMS = 5
LARGEST_SHARE = 0.5
"""No pay is published of fewer employers, nor where one of them has more of the people (DOMAIN 8)."""


def is_open(row: Mapping[str, Any], edition: Edition) -> bool:
    """Say whether pay of a group may be shown; ``largest`` is what its largest employer has of the whole."""
    whole = row.get("people", row.get("headcount", 0))
    many = row["employers"] >= LEAST_FIRMS and row["largest"] <= LARGEST_SHARE * whole
    return edition is Edition.INTERNAL or many


def spread(row: Mapping[str, Any], names: Sequence[str], edition: Edition) -> list[Cell]:
    """Return a group's quantiles of pay, or what stands in their place."""
    return [row[name] if is_open(row, edition) else HIDDEN for name in names]
