"""Whose desk this is: an officer's reach, the name of their office, and the tables they take away."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import Select

from webapp.auth.identity import me, my_officer
from webapp.clock import now
from webapp.domain.catalogues import institution_name
from webapp.domain.programme import unit_name
from webapp.domain.roles import DECIDES, Role, Scope
from webapp.models import Officer
from webapp.officers import blueprint
from webapp.queries.officers import Reach, reach_of
from webapp.services.audit import record_deed, record_look
from webapp.ui.exports import as_csv, as_xlsx
from webapp.ui.filters import translated
from webapp.ui.navigation import address_with
from webapp.ui.tables import Column
from webapp.unit_of_work import db

FORMATS = {"csv": as_csv, "xlsx": as_xlsx}
CHUNK = 500
"""Rows of a file that are in memory as objects at the same time."""


@blueprint.context_processor
def standing() -> dict[str, Any]:
    """Tell the pages whether this officer decides or only reads."""
    officer = current_user.is_authenticated and current_user.role is Role.OFFICER
    return {"decides": my_officer().scope in DECIDES} if officer else {}


@dataclass(frozen=True)
class FigureColumn(Column):
    """A column of figures some of which are words: a hidden cell, a target not set."""

    def text(self, row: Any) -> str:
        """Return a figure, or the words that stand in its place."""
        value = self.value(row)
        return value if isinstance(value, str) else super().text(row)


def my_reach() -> Reach:
    """Return how far the logged-in officer sees."""
    return reach_of(my_officer())


def office_of(officer: Officer) -> str:
    """Return an office's name, as a graduate reads it in their log."""
    match officer.scope:
        case Scope.UNIT:
            return _("%(unit)s（区级工作人员）", unit=translated(unit_name(officer.unit)))
        case Scope.STATION:
            return _("%(school)s就业工作站", school=institution_name(officer.institution_code))
        case Scope.AUDITOR:
            return _("审计人员")
        case _:
            return _("市级工作人员")


def _my_office() -> str:
    """Return this officer's office as the logs keep it: in Chinese, whatever the officer reads."""
    with force_locale("zh_Hans_CN"):
        return office_of(my_officer())


def note_look(graduate_id: int, action: str, **facts: object) -> None:
    """Write into a graduate's log that this officer looked, and at what."""
    record_look(
        db(),
        by=me(),
        graduate_id=graduate_id,
        action=action,
        at=now(),
        on_behalf_of=_my_office(),
        **facts,
    )


def note_deed(action: str, subject: str, **facts: object) -> None:
    """Write into the log what this officer did to something that is not a person."""
    record_deed(
        db(),
        by=me(),
        action=action,
        subject=subject,
        at=now(),
        on_behalf_of=_my_office(),
        **facts,
    )


def exports() -> Mapping[str, str]:
    """Return the addresses of this page's table as files, its filters kept."""
    return {name.upper(): address_with(format=name, page=None) for name in FORMATS}


def whole(rows: Select[Any], read: Callable[[Any], Any] | None = None) -> Iterator[Any]:
    """Yield a list from its first row to its last, as ``read`` shows them.

    Nothing is asked of the database before somebody wants the first row, and never all at once.
    """
    found = db().execute(rows.execution_options(yield_per=CHUNK))
    for row in found.scalars() if len(rows.column_descriptions) == 1 else found:
        yield read(row) if read else row


def asked_file(columns: Sequence[Column], rows: Iterable[Any], *, name: str) -> Response | None:
    """Return the table as the file asked for in the address, if one is; every file is logged."""
    chosen = FORMATS.get(request.args.get("format", ""))
    if chosen is None:
        return None
    note_deed("export", f"table:{name}", address=request.full_path)
    return chosen(columns, rows, name=name)
