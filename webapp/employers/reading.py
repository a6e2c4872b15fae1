"""The reasons of a match as an employer may read them."""

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _

from matcher.documents import Reason
from webapp.domain.words import N_
from webapp.queries.candidates import discreet
from webapp.ui.filters import sentence

PRIVATE: Mapping[str, str] = {
    "district_met": N_("工作地点在对方意愿区域内"),
    "district_other": N_("工作地点不在对方意愿区域内"),
}
"""Reasons an employer reads in words about the graduate."""


def told(reasons: Iterable[Reason]) -> list[str]:
    """Say reasons to an employer, but for what only the graduate may know."""
    return [
        _(PRIVATE[reason.code]) if reason.code in PRIVATE else sentence(reason)
        for reason in discreet(reasons)
    ]
