"""Figures that were made public, with definition in plain words, evidence, error rate and corrections."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import public
from webapp.domain.definitions import definition
from webapp.domain.differences import TOTAL
from webapp.domain.evidence import VERIFIERS
from webapp.domain.programme import unit_name
from webapp.models import PublishedFigure
from webapp.pages import blueprint
from webapp.queries.publications import as_seen, figures_listed
from webapp.ui import filters
from webapp.ui.keyset import KeyPage, key_page
from webapp.unit_of_work import db


@blueprint.get("/figures")
@public
def figures() -> ResponseReturnValue:
    """List published figures, the latest first; what was corrected stays and says so."""
    page: KeyPage[Any] = key_page(db(), figures_listed(), by=(PublishedFigure.id,), falling=True, size=10)
    lines = [_line(figure, later) for figure, later in page.items]
    return render_template("pages/figures.html", page=page, lines=lines)


def _line(figure: PublishedFigure, later: int | None) -> dict[str, Any]:
    shown = as_seen(figure).shown
    return {
        "total": _said(shown[TOTAL]),
        "grades": [(grade, _said(shown[grade.value])) for grade in VERIFIERS],
        "figure": figure,
        "later": later,
        "rule": definition(figure.definition_id),
        "where": filters.translated(unit_name(figure.unit)) if figure.unit else _("全市"),
    }


def _said(count: int | str) -> str:
    """Say a count, or what stands for one that is not shown."""
    return count if isinstance(count, str) else filters.thousands(count)
