"""Who has seen me."""

from collections.abc import Mapping

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.auth.access import audience
from webapp.auth.identity import my_graduate
from webapp.domain.roles import Role
from webapp.domain.words import N_
from webapp.graduates import blueprint
from webapp.models import AuditEntry
from webapp.queries.audit import looks_at
from webapp.ui.paging import Page, asked_page, paginate
from webapp.unit_of_work import db

LOOKS: Mapping[str, str] = {
    "application_opened": N_("打开了你投递“%(title)s”的简历，能看到姓名和联系方式"),
    "resume_downloaded": N_("下载了你投递时提供的简历"),
    "candidate_listed": N_("在推荐名单中看到了你，不含姓名和联系方式"),
    "candidate_opened": N_("查看了你不含姓名和联系方式的简历"),
    "invited": N_("邀请你投递“%(title)s”"),
    "placement_opened": N_("核验你的就业去向时查看了填报内容和证明材料"),
    "evidence_opened": N_("核验你的就业去向时打开了证明材料"),
    "number_matched": N_("核对了你材料上的证件号码，与你登记的一致"),
    "number_refused": N_("填了一个证件号码与你登记的核对，没有通过"),
    "follow_up_opened": N_("回访你是否还在武汉时查看了姓名和联系方式"),
    "graduate_opened": N_("查看了你的资料"),
}
OTHERWISE = N_("查看了与你有关的内容")


@blueprint.get("/access-log")
@audience(Role.GRADUATE)
def access_log() -> ResponseReturnValue:
    """List every look at me: who, when, what."""
    page: Page[AuditEntry] = paginate(db(), looks_at(my_graduate().id), number=asked_page(), size=50)
    return render_template("graduates/access_log.html", page=page, said=said)


def said(action: str, facts: Mapping[str, object]) -> str:
    """Say what somebody saw, in plain words."""
    try:
        return str(_(LOOKS.get(action, OTHERWISE)) % facts)
    except KeyError:
        return _(OTHERWISE)
