"""What personal data may be used for, each purpose agreed to and withdrawn on its own."""

from collections.abc import Mapping
from enum import StrEnum

from webapp.domain.words import N_

VERSION = "2026-11"
"""Version of the texts a person agrees to; a new text needs a new version and a new consent."""


class Purpose(StrEnum):
    """Purposes a person consents to (PIPL 13-17, 23)."""

    SERVICE = "service"
    SHARE_WITH_EMPLOYER = "share_with_employer"
    BE_FOUND = "be_found"
    COUNTING = "counting"
    DIGEST = "digest"


LABELS: Mapping[Purpose, str] = {
    Purpose.SERVICE: N_("使用本平台的求职服务"),
    Purpose.SHARE_WITH_EMPLOYER: N_("向所投递的单位提供简历和联系方式"),
    Purpose.BE_FOUND: N_("允许用人单位在推荐名单中看到不含姓名和联系方式的简历"),
    Purpose.COUNTING: N_("核验就业去向并计入留汉统计"),
    Purpose.DIGEST: N_("按选定的频率发邮件，告知新发布的合适岗位"),
}
