"""Pages of employers: who waits for an answer, what is on offer, who fits, how it goes on."""

from flask import Blueprint

blueprint = Blueprint("employers", __name__, template_folder="templates", url_prefix="/employer")

from webapp.employers import (  # noqa: E402, F401 - routes
    applications,
    board,
    candidates,
    desk,
    followup,
    members,
    organisation,
    placements,
    posting,
    posting_editing,
    postings,
)
