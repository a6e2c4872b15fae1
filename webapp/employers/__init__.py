"""Pages of employers."""

from flask import Blueprint

blueprint = Blueprint("employers", __name__, template_folder="templates", url_prefix="/employer")
