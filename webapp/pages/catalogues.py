"""Names to choose from while typing."""

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from webapp.auth.access import public
from webapp.domain.catalogues import find_institutions, find_majors
from webapp.domain.degrees import Degree
from webapp.extensions import limiter
from webapp.pages import blueprint

LONGEST = 50


@blueprint.get("/catalogue/institutions")
@public
@limiter.limit("2400/minute")
def institutions() -> ResponseReturnValue:
    """Offer institutions whose name contains the words, Wuhan's first."""
    found = find_institutions(_words()) if _words() else []
    return jsonify(items=[{"code": one.code, "name": one.name, "note": one.city} for one in found])


@blueprint.get("/catalogue/majors")
@public
@limiter.limit("2400/minute")
def majors() -> ResponseReturnValue:
    """Offer majors whose name contains the words, of one degree if given."""
    degree = request.args.get("degree", "")
    level = degree if degree in list(Degree) else None
    found = find_majors(_words(), level) if _words() else []
    return jsonify(items=[{"code": one.code, "name": one.name, "note": one.category} for one in found])


def _words() -> str:
    return request.args.get("q", "").strip()[:LONGEST]
