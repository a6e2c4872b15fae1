"""What both sides read about a claim in each of its states."""

from collections.abc import Mapping

import pytest

from tests.counted import make_claim, make_counted, make_verified_graduate
from tests.factories import make_officer, make_period
from webapp.domain.claim_words import TO_GRADUATE, TO_OFFICER
from webapp.domain.retention import LIVE, ClaimState

MISSING = "工作地点不在武汉，或没有填写所在区。"
AGAIN = "不能重复计入"
THANKS = "谢谢你留在武汉"
READS: Mapping[ClaimState, tuple[str, str]] = {
    ClaimState.CLAIMED: ("请上传一份证明材料", "等填报人上传证明材料"),
    ClaimState.EVIDENCED: ("材料齐了，等工作人员核验。", "都符合口径，可以计入。"),
    ClaimState.PROVISIONAL: ("材料齐了，等工作人员核验。", "都符合口径，可以计入。"),
    ClaimState.COUNTED: ("已经计入，谢谢你留在武汉。", "已按口径计入，每人每个时期一次。"),
    ClaimState.CONFIRMED: ("已经计入，谢谢你留在武汉。", "已按口径计入，每人每个时期一次。"),
    ClaimState.DISPUTED: ("复核期间仍然计入，你不用做什么。", "复核期间仍按口径计入"),
    ClaimState.RETURNED: ("请按退回的原因修改去向，或补充材料。", "已退回，等填报人修改"),
    ClaimState.REVERSED: ("这条去向不再计入。", "已冲销，不再计入。"),
}
"""What the graduate and the officer read of a claim to which nothing is missing."""
OPEN = {ClaimState.CLAIMED, ClaimState.EVIDENCED, ClaimState.PROVISIONAL}


@pytest.fixture
def pages(session, visitor):
    """Both pages about a claim that was counted, if it ever is, and is now in another state."""
    make_period(session)

    def read(state: ClaimState, **changes: object) -> list[str]:
        graduate = make_verified_graduate(session)
        made = make_claim if state in OPEN | {ClaimState.RETURNED} else make_counted
        claim = made(session, graduate=graduate)
        for name, value in {"state": state, **changes}.items():
            setattr(claim, name, value)
        sides = {"/graduate": graduate.user, "/officer": make_officer(session).user}
        return [visitor(user).get(f"{side}/placements/{claim.id}").text for side, user in sides.items()]

    return read


@pytest.mark.parametrize("state", ClaimState)
def test_each_side_reads_how_a_claim_stands_and_nothing_else(pages, state: ClaimState) -> None:
    for page, words, side in zip(pages(state), (TO_GRADUATE, TO_OFFICER), (0, 1), strict=True):
        assert READS[state][side] in page
        others = {sentence for sentence in words.values() if sentence not in words[state]}
        assert not {sentence for sentence in others if sentence in page}
        assert AGAIN not in page


@pytest.mark.parametrize("state", ClaimState)
def test_only_an_open_claim_lacks_something(pages, state: ClaimState) -> None:
    for page in pages(state, district=None):
        assert (MISSING in page) is (state in OPEN)


@pytest.mark.parametrize("state", ClaimState)
def test_those_who_are_counted_are_thanked(pages, state: ClaimState) -> None:
    graduates, _officers = pages(state, district=None)
    assert (THANKS in graduates) is (state in LIVE)
