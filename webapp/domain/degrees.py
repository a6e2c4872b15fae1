"""Degrees, their order and their names."""

from collections.abc import Mapping
from enum import StrEnum

from webapp.domain.words import N_


class Degree(StrEnum):
    """Levels of higher education the programme counts."""

    ASSOCIATE = "associate"
    BACHELOR = "bachelor"
    MASTER = "master"
    DOCTOR = "doctor"

    @property
    def level(self) -> int:
        """Return 1 for 专科 up to 4 for 博士, so that degrees can be compared."""
        return LEVELS[self]


LEVELS: Mapping[Degree, int] = {degree: number for number, degree in enumerate(Degree, start=1)}
BY_LEVEL: Mapping[int, Degree] = {number: degree for degree, number in LEVELS.items()}
LABELS: Mapping[Degree, str] = {
    Degree.ASSOCIATE: N_("专科"),
    Degree.BACHELOR: N_("本科"),
    Degree.MASTER: N_("硕士"),
    Degree.DOCTOR: N_("博士"),
}
