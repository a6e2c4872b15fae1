"""Figures that were made public, with definition in plain words, evidence, error rate and corrections."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import public
from webapp.domain.definitions import definition
from webapp.domain.evidence import VERIFIERS
from webapp.domain.programme import unit_name
from webapp.domain.publication import publishable
from webapp.models import PublishedFigure
from webapp.pages import blueprint
from webapp.queries.publications import figures_listed
from webapp.ui import filters
from webapp.ui.keyset import key_page
from webapp.unit_of_work import db


@blueprint.get("/figures")
@public
def figures() -> ResponseReturnValue:
    """List published figures, the latest first; what was corrected stays and says so."""
    page = key_page(db(), figures_listed(), by=(PublishedFigure.id,), falling=True, size=10, read=_read)
    return render_template("pages/figures.html", page=page)


def _read(row: Any) -> dict[str, Any]:
    figure, later = row
    split = publishable([figure.by_grade.get(grade.value, 0) for grade in VERIFIERS])
    return {
        "total": _shown(publishable([figure.value])[0]),
        "grades": [(grade, _shown(count)) for grade, count in zip(VERIFIERS, split, strict=True)],
        "figure": figure,
        "later": later,
        "rule": definition(figure.definition_id),
        "where": filters.translated(unit_name(figure.unit)) if figure.unit else _("全市"),
    }


def _shown(count: int | str) -> str:
    """Say a count, or what stands for one too small to show."""
    return count if isinstance(count, str) else filters.thousands(count)
