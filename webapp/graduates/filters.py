"""The filters of my matches."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import Optional

from matcher.documents import Conditions
from webapp.clock import today
from webapp.domain.clusters import clusters
from webapp.ui.forms import named
from webapp.ui.search import PostingFilter


class MatchFilter(PostingFilter):
    """What a graduate asks of their matches: the public filters and the cluster."""

    cluster = SelectField(_l("产业"), validators=[Optional()])

    def __init__(self, **defaults: Any) -> None:
        super().__init__(**defaults)
        self.cluster.choices = named(clusters(today()).values(), _("全部"))

    def conditions(self, *, today: date) -> Conditions:
        """Return what the matcher must keep to."""
        asked = super().conditions(today=today)
        return replace(asked, clusters=frozenset(filter(None, [self._valid(self.cluster)])))
