"""Pages that explain: who runs this, how we count, how we recommend, what we keep."""

from flask import render_template
from flask.typing import ResponseReturnValue

from webapp.auth.access import public
from webapp.domain.definitions import definitions
from webapp.domain.programme import rulesets
from webapp.extensions import platform
from webapp.pages import blueprint


@blueprint.get("/about")
@public
def about() -> ResponseReturnValue:
    """Say who runs the platform and how to complain."""
    return render_template("pages/about.html")


@blueprint.get("/definition")
@public
def definition() -> ResponseReturnValue:
    """Say who counts as retained, on which evidence, and when a count is taken back."""
    newest = max(rulesets().values(), key=lambda rules: rules.id)
    return render_template("pages/definition.html", rules=newest, definitions=definitions().values())


@blueprint.get("/algorithm")
@public
def algorithm() -> ResponseReturnValue:
    """Say how recommendations come about and how to switch them off (算法推荐规定 16, 17)."""
    return render_template("pages/algorithm.html", audit=platform().matching.audit)


@blueprint.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """Say what is kept of a person, for what and for how long (PIPL 17)."""
    return render_template("pages/privacy.html")
