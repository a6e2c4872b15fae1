"""A person's news."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from webapp.auth import blueprint
from webapp.auth.access import audience
from webapp.auth.identity import me
from webapp.clock import now
from webapp.domain.roles import Role
from webapp.models import Notification
from webapp.services.notifications import count_unread, mark_read
from webapp.ui.paging import paginate
from webapp.unit_of_work import db


@blueprint.app_context_processor
def unread() -> dict[str, int]:
    """Give every page the number beside the bell."""
    return {"unread_count": count_unread(db(), user_id=me().id) if current_user.is_authenticated else 0}


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
