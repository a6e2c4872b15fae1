"""The nightly market: what the last night found, and how far tonight's has come."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.domain.roles import Role, Scope
from webapp.officers import blueprint
from webapp.queries.market import last_run, unfinished_run
from webapp.ui.filters import percent
from webapp.ui.tables import Column
from webapp.unit_of_work import db

READERS = frozenset({Scope.CITY, Scope.AUDITOR})


@blueprint.get("/market")
@audience(Role.OFFICER, scopes=READERS)
def market() -> ResponseReturnValue:
    """Show the measures of the lists beside those of everybody's own best candidates."""
    run = last_run(db())
    measures = run.measures if run else {}
    return render_template(
        "officers/market.html",
        run=run,
        working=unfinished_run(db()),
        columns=_columns(),
        rows=_rows(measures["lists"], measures["plain"]) if measures else [],
    )


def _columns() -> Sequence[Column]:
    return [
        Column("name", _("指标")),
        Column("lists", _("名单")),
        Column("plain", _("各选各的")),
        Column("meaning", _("含义")),
    ]


def _rows(lists: Mapping[str, Any], plain: Mapping[str, Any]) -> list[Mapping[str, str]]:
    said = (
        ("covered", _("有合适人选的岗位"), _("至少进入一名合适毕业生的名单，越高越好。"), percent),
        ("gini", _("曝光基尼系数"), _("0 表示各岗位曝光相同，接近 1 表示集中在少数岗位。"), "{:.3f}".format),
        ("over", _("超出名额的岗位"), _("进入的名单比名额允许的多，名单里应为零。"), percent),
        ("served", _("拿到名单的毕业生"), _("名单里至少有一个岗位。"), percent),
        ("ndcg", _("名单质量 nDCG"), _("与不考虑名额、只选最合适的岗位相比，保留了多少。"), percent),
    )
    return [
        {"name": name, "meaning": meaning, "lists": say(lists[key]), "plain": say(plain[key])}
        for key, name, meaning, say in said
    ]
