"""A person's news."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from webapp.auth import blueprint
from webapp.auth.access import audience
from webapp.auth.identity import me
from webapp.clock import now
from webapp.domain.roles import Role
from webapp.models import Notification
from webapp.services.notifications import mark_read
from webapp.ui.paging import paginate
from webapp.unit_of_work import db


@blueprint.get("/notifications")
@audience(*Role)
def notifications() -> ResponseReturnValue:
    """Show what is new, newest first."""
    news = select(Notification).where(Notification.user_id == me().id).order_by(Notification.id.desc())
    return render_template("auth/notifications.html", page=paginate(db(), news))


@blueprint.post("/notifications/read")
@audience(*Role)
def read_all() -> ResponseReturnValue:
    """Mark everything as read."""
    mark_read(db(), user_id=me().id, at=now())
    return redirect(url_for("auth.notifications"))
