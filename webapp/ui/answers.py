"""The form of a follow-up: where somebody is now, and if they left, since when and why."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from webapp.domain.followup import GONE, Result, reasons
from webapp.domain.words import N_
from webapp.ui.filters import translated
from webapp.ui.forms import Form

PLAIN = {
    Result.RETAINED_C: N_("还在武汉工作"),
    Result.LEFT: N_("已经离开武汉"),
    Result.STUDY: N_("在读书（升学）"),
    Result.MILITARY: N_("参军了"),
    Result.UNKNOWN: N_("不清楚，或联系不上"),
}
"""The results as people say them."""


class AnswerForm(Form):
    """One question; the two below it only for those who left."""

    result = RadioField(_l("现在的情况"), [InputRequired(_l("请选择一项。"))])
    left_on = DateField(
        _l("什么时候离开的"),
        [Optional()],
        description=_l("离开武汉、升学或参军的填写；记不清可填大概的日期。"),
    )
    reason = SelectField(_l("离开武汉的主要原因"), [Optional()], description=_l("只在离开武汉时填写。"))

    def __init__(self, results: Sequence[Result], *, chosen: str | None = None) -> None:
        offered = {one.value for one in results}
        super().__init__(data={"result": chosen} if chosen in offered else None)
        self.result.choices = [(one.value, _(PLAIN[one])) for one in results]
        kept = [(code, translated(one.name)) for code, one in reasons().items()]
        self.reason.choices = [("", _("请选择")), *kept]
        if not GONE & set(results):
            del self.left_on, self.reason

    @property
    def leaving(self) -> dict[str, Any]:
        """Return since when and why somebody left, nothing of either for those who are here.

        What was filled in before the answer was changed is not kept against it.
        """
        result = Result(self.result.data)
        return {
            "left_on": self.left_on.data if result in GONE else None,
            "reason": self.reason.data or None if result is Result.LEFT else None,
        }
