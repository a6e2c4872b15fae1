"""Taking along all that is kept about me."""

import json
from collections.abc import Mapping
from enum import Enum
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.auth.identity import my_graduate
from webapp.domain.roles import Role
from webapp.extensions import limiter
from webapp.graduates import blueprint
from webapp.graduates.access_log import said
from webapp.queries.own_data import everything_about
from webapp.ui.filters import label, spoken
from webapp.unit_of_work import db


@blueprint.get("/privacy/export.json")
@audience(Role.GRADUATE)
@limiter.limit("10/minute")
def export() -> ResponseReturnValue:
    """Hand over everything that is kept about me."""
    kept = everything_about(db(), my_graduate())
    for news in kept["notifications"]:
        news["message"] = spoken(news["message"], news["facts"])
    for look in kept["looks"]:
        look["action"] = said(look["action"], look["facts"])
    note = _("这里是平台保存的你的全部资料。你交来的文件只列出名称；原件请在“简历”和“我的去向”里逐个下载。")
    return Response(
        json.dumps({"note": note, **_in_words(kept)}, ensure_ascii=False, indent=2, default=str),
        mimetype="application/json",
        headers={"Content-Disposition": "attachment; filename=my-record.json"},
    )


def _in_words(value: Any) -> Any:
    """Say members of enums in the reader's language, however deep they stand."""
    if isinstance(value, Mapping):
        return {name: _in_words(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_in_words(one) for one in value]
    return label(value) if isinstance(value, Enum) else value
