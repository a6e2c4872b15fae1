"""The industrial clusters postings belong to and graduates wish for (data/programme/clusters.json)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from webapp.domain.programme import read_table


@dataclass(frozen=True, slots=True)
class Cluster:
    """One cluster of the city's industrial system; ``tier`` is pillar, emerging or future."""

    code: str
    name: str
    tier: str


def clusters(on: date) -> Mapping[str, Cluster]:
    """Return the clusters in force on a day by code; a list not entered yet leaves the last one standing."""
    begun = [listed for first, listed in _versions() if first <= on and listed]
    return begun[-1] if begun else {}


def cluster_name(code: str | None) -> str:
    """Return a cluster's name from any version; an unknown code is shown as it is."""
    named = {key: cluster.name for _first, listed in _versions() for key, cluster in listed.items()}
    return named.get(code or "", code or "")


@cache
def _versions() -> tuple[tuple[date, Mapping[str, Cluster]], ...]:
    versions = read_table("clusters.json")["versions"]
    return tuple(
        (
            date.fromisoformat(version["valid_from"]),
            {row["code"]: Cluster(row["code"], row["name"], row["tier"]) for row in version["clusters"]},
        )
        for version in sorted(versions, key=lambda version: version["valid_from"])
    )
