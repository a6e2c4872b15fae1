"""Pages of officers: what waits, what was counted, and every row behind a figure."""

from flask import Blueprint

blueprint = Blueprint("officers", __name__, template_folder="templates", url_prefix="/officer")

from webapp.officers import (  # noqa: E402, F401 - the routes of this blueprint
    audit,
    background,
    bases,
    city_map,
    claims,
    corrections,
    definitions,
    employers,
    figures,
    followups,
    graduates,
    imports,
    indicator,
    indicators,
    ledger,
    market,
    overview,
    periods,
    placements,
    planner,
    post_merges,
    postings,
    posts,
    publications,
    published,
    queue,
    rates,
    reported,
    reports,
    retained,
    reversals,
    sampling,
    sealing,
    staff,
)
