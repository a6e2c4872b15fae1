"""Long lists narrowed by status and words, both in the address."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from flask import request
from flask_babel import gettext as _

from webapp.officers.forms import ListFilter
from webapp.ui.forms import choices

Status = TypeVar("Status", bound=StrEnum)
LONGEST = 100


@dataclass(frozen=True)
class Wanted(Generic[Status]):
    """What a list is narrowed to."""

    form: ListFilter
    status: Status | None
    text: str


def asked_list(kind: type[Status]) -> Wanted[Status]:
    """Return the filter of the address; an unknown status asks nothing."""
    form = ListFilter(request.args)
    form.status.choices = choices(kind, _("全部"))
    known = form.status.data in {member.value for member in kind}
    text = (form.q.data or "")[:LONGEST].replace("%", "").replace("_", "")
    return Wanted(form, kind(form.status.data) if known else None, text)
