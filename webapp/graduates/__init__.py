"""Pages of graduates."""

from flask import Blueprint

blueprint = Blueprint("graduates", __name__, template_folder="templates", url_prefix="/graduate")
