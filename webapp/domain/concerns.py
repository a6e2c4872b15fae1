"""What a graduate may report about a posting."""

from collections.abc import Mapping
from enum import StrEnum

from webapp.domain.words import N_


class Concern(StrEnum):
    """What is wrong with a posting, as those who meet it would say."""

    FEE = "fee"
    FALSE = "false"
    DISCRIMINATION = "discrimination"
    CLOSED = "closed"
    OTHER = "other"


LABELS: Mapping[Concern, str] = {
    Concern.FEE: N_("要求交费、押金或扣证件"),
    Concern.FALSE: N_("内容虚假或与实际不符"),
    Concern.DISCRIMINATION: N_("有性别、年龄、院校等歧视"),
    Concern.CLOSED: N_("已经不招人或联系不上"),
    Concern.OTHER: N_("其他问题"),
}
