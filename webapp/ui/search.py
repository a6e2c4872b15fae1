"""The filters of a list of postings, kept in the address."""

from datetime import date, timedelta
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SearchField, SelectField
from wtforms.validators import NumberRange, Optional

from matcher.documents import Conditions, Ranking
from webapp.domain.catalogues import districts
from webapp.domain.degrees import Degree
from webapp.domain.postings import Kind
from webapp.ui.forms import Form, choices, named

LONGEST = 200
MOST_PAY = 1_000_000


class PostingFilter(Form):
    """What a reader asks of a list of postings; an odd value in the address asks nothing."""

    class Meta(Form.Meta):
        """A filter changes nothing, so it needs no token."""

        csrf = False

    q = SearchField(_l("搜索"), description=_l("可以直接写：光谷 数据分析 实习 能转正"))
    kind = SelectField(_l("类型"), validators=[Optional()])
    district = SelectField(_l("地点"), validators=[Optional()])
    degree = SelectField(_l("我的学历"), validators=[Optional()])
    pay = IntegerField(_l("月薪不低于（元）"), validators=[Optional(), NumberRange(0, MOST_PAY)])
    since = SelectField(_l("发布时间"), validators=[Optional()])

    def __init__(self, **defaults: Any) -> None:
        super().__init__(request.args, **defaults)
        self.kind.choices = choices(Kind, _("全部"))
        self.degree.choices = choices(Degree, _("不限"))
        self.district.choices = named(districts().values(), _("全武汉"))
        self.since.choices = [
            ("", _("不限")),
            ("3", _("近 3 天")),
            ("7", _("近 7 天")),
            ("30", _("近 30 天")),
        ]

    @property
    def words(self) -> str:
        """Return what was asked in words."""
        return (self.q.data or "")[:LONGEST]

    def conditions(self, *, today: date) -> Conditions:
        """Return what the matcher must keep to."""
        self.validate()
        days = self._valid(self.since)
        degree = self._valid(self.degree)
        return Conditions(
            kinds=frozenset(filter(None, [self._valid(self.kind)])),
            districts=frozenset(filter(None, [self._valid(self.district)])),
            degree=Degree(degree).level if degree else None,
            pay_min=self._valid(self.pay),
            published_since=today - timedelta(days=int(days)) if days else None,
        )

    @staticmethod
    def _valid(field: Any) -> Any:
        return None if field.errors or not field.data else field.data


def only_near(ranking: Ranking) -> bool:
    """Say whether a question has words and no posting shown says any of them."""
    told = {reason.code for match in ranking.matches for reason in (*match.reasons, *match.missing)}
    return "query_term_missing" in told and "query_term" not in told
