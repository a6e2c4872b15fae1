"""Pages of officers."""

from flask import Blueprint

blueprint = Blueprint("officers", __name__, template_folder="templates", url_prefix="/officer")
