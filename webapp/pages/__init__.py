"""What everybody may read: home, search, how we count, how we recommend, who runs this."""

from flask import Blueprint

blueprint = Blueprint("pages", __name__, template_folder="templates")

from webapp.pages import (  # noqa: E402, F401 - routes
    catalogues,
    explanations,
    figures,
    home,
    ledger,
    machine,
    postings,
    reports,
)
