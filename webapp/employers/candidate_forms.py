"""Forms around candidates: what to look for, and inviting."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import Length, Optional

from matcher.documents import Conditions
from webapp.clock import today
from webapp.domain.degrees import Degree
from webapp.ui.forms import Form, choices

YEARS = range(-2, 2)
"""Classes worth asking for: two years back to next year's."""


class CandidateFilter(Form):
    """What narrows a list of candidates; an odd value in the address asks nothing."""

    class Meta(Form.Meta):
        """A filter changes nothing, so it needs no token."""

        csrf = False

    degree = SelectField(_l("学历不低于"), [Optional()])
    since = SelectField(_l("毕业年份不早于"), [Optional()])

    def __init__(self, asked: Mapping[str, Any]) -> None:
        super().__init__(asked)
        years = [str(today().year + offset) for offset in YEARS]
        self.degree.choices = choices(Degree, _("不限"))
        self.since.choices = [("", _("不限")), *((year, year) for year in years)]
        self.validate()

    def conditions(self) -> Conditions:
        """Return what the matcher must keep to."""
        degree = self.degree.data if not self.degree.errors else None
        since = self.since.data if not self.since.errors else None
        return Conditions(
            degree=Degree(degree).level if degree else None,
            graduated_since=int(since) if since else None,
        )


class InviteForm(Form):
    """A few words to somebody without a name."""

    message = TextAreaField(
        _l("想对这位毕业生说的话"),
        [Optional(), Length(max=500, message=_l("最多 500 个字。"))],
        description=_l("例如：您的项目经历和我们的业务很接近，欢迎来聊聊。请不要写联系方式。"),
        render_kw={"rows": 4},
    )
