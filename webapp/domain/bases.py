"""Internship and traineeship bases: their kinds and what is registered of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from webapp.domain.words import N_


class BaseKind(StrEnum):
    """What a base is for; all three count against the plan's 300."""

    TRAINEESHIP = "traineeship"
    INTERNSHIP = "internship"
    TRAINING = "training"


LABELS: Mapping[BaseKind, str] = {
    BaseKind.TRAINEESHIP: N_("就业见习基地"),
    BaseKind.INTERNSHIP: N_("实习基地"),
    BaseKind.TRAINING: N_("实训基地"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseTerms:
    """What is registered of a base."""

    name: str
    kind: BaseKind
    district: str
    capacity: int
    approved_on: date
    address: str | None = None
    valid_to_on: date | None = None
