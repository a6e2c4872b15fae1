"""How a claim stands, said to each side in its own words wherever nothing is missing (see ``DECIDED``)."""

from collections.abc import Mapping

from webapp.domain.retention import ClaimState
from webapp.domain.words import N_

_COUNTED_TO_GRADUATE = N_("已经计入，谢谢你留在武汉。")
_COMPLETE_TO_GRADUATE = N_("材料齐了，等工作人员核验。")
TO_GRADUATE: Mapping[ClaimState, str] = {
    ClaimState.CLAIMED: N_("请上传一份证明材料，然后由工作人员核验。"),
    ClaimState.EVIDENCED: _COMPLETE_TO_GRADUATE,
    ClaimState.PROVISIONAL: _COMPLETE_TO_GRADUATE,
    ClaimState.COUNTED: _COUNTED_TO_GRADUATE,
    ClaimState.CONFIRMED: _COUNTED_TO_GRADUATE,
    ClaimState.DISPUTED: N_("已经计入，谢谢你留在武汉。工作人员正在复核，复核期间仍然计入，你不用做什么。"),
    ClaimState.RETURNED: N_("请按退回的原因修改去向，或补充材料。再次上传材料后，工作人员会重新核验。"),
    ClaimState.REVERSED: N_(
        "这条去向不再计入。如果你现在在武汉就业或创业，欢迎登记新的去向；如有异议，请联系核验人员。"
    ),
}

_COUNTED_TO_OFFICER = N_("已按口径计入，每人每个时期一次。")
_COMPLETE_TO_OFFICER = N_("学历、时间、地点、去向类别和材料级别都符合口径，可以计入。")
TO_OFFICER: Mapping[ClaimState, str] = {
    ClaimState.CLAIMED: N_("还没有提交核验，等填报人上传证明材料。"),
    ClaimState.EVIDENCED: _COMPLETE_TO_OFFICER,
    ClaimState.PROVISIONAL: _COMPLETE_TO_OFFICER,
    ClaimState.COUNTED: _COUNTED_TO_OFFICER,
    ClaimState.CONFIRMED: _COUNTED_TO_OFFICER,
    ClaimState.DISPUTED: N_("正在复核，复核期间仍按口径计入，每人每个时期一次。"),
    ClaimState.RETURNED: N_("已退回，等填报人修改或补充材料后再次提交。"),
    ClaimState.REVERSED: N_("已冲销，不再计入。本人登记新的去向后，可以重新核验。"),
}
