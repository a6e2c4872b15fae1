"""Pages of graduates: what changed, who I am, what fits me, what became of it."""

from flask import Blueprint

blueprint = Blueprint("graduates", __name__, template_folder="templates", url_prefix="/graduate")

from webapp.graduates import (  # noqa: E402, F401 - routes
    access_log,
    applications,
    digests,
    followup,
    interviews,
    invitations,
    matches,
    own_data,
    placements,
    posting,
    privacy,
    profile,
    resume,
    saved,
    today,
)
