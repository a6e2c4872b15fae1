"""Who counts as retained: the single home of the rule."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from webapp.domain.dates import month_of
from webapp.domain.errors import PlatformError
from webapp.domain.evidence import VERIFIERS, Grade, strongest
from webapp.domain.postings import EMPLOYMENT, Kind
from webapp.domain.programme import OutcomeCode, Ruleset, minimum_wage, outcome_code
from webapp.domain.words import N_


class ClaimState(StrEnum):
    """States of a claimed outcome within a period (DOMAIN 1.7)."""

    CLAIMED = "claimed"
    EVIDENCED = "evidenced"
    PROVISIONAL = "provisional"
    COUNTED = "counted"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    RETURNED = "returned"
    REVERSED = "reversed"


class EntryKind(StrEnum):
    """Kinds of ledger entries (DOMAIN 1.9)."""

    COUNT = "count"
    REVERSE = "reverse"
    MOVE_OUT = "move_out"
    MOVE_IN = "move_in"
    ALIAS = "alias"
    ALIAS_VOID = "alias_void"


class Cause(StrEnum):
    """Causes for which a count is reversed (DOMAIN 1.7)."""

    R1 = "R1"
    R2 = "R2"
    R3 = "R3"
    R4 = "R4"
    R5 = "R5"
    R6 = "R6"
    R7 = "R7"


class Event(StrEnum):
    """What may happen to a claim."""

    PROVE = "prove"
    PROVISION = "provision"
    COUNT = "count"
    CONFIRM = "confirm"
    RETURN = "return"
    DISPUTE = "dispute"
    UPHOLD = "uphold"
    REVERSE = "reverse"


class Block(StrEnum):
    """Why a claim cannot count; each label says the fact and the remedy."""

    CODE_UNKNOWN = "code_unknown"
    CODE_NOT_COUNTED = "code_not_counted"
    NOT_EMPLOYMENT = "not_employment"
    NOT_IN_WUHAN = "not_in_wuhan"
    NOT_STARTED = "not_started"
    NOT_ONBOARDED = "not_onboarded"
    NOT_GRADUATED = "not_graduated"
    DEGREE_UNVERIFIED = "degree_unverified"
    BEFORE_WINDOW = "before_window"
    AFTER_WINDOW = "after_window"
    NO_IDENTITY = "no_identity"
    EVIDENCE_TOO_WEAK = "evidence_too_weak"
    PAY_BELOW_MINIMUM = "pay_below_minimum"
    NO_PERIOD = "no_period"
    PERIOD_NOT_OPEN = "period_not_open"
    ALREADY_COUNTED = "already_counted"
    COUNTED_EARLIER = "counted_earlier"


LABELS: Mapping[StrEnum, str] = {
    ClaimState.CLAIMED: N_("待补材料"),
    ClaimState.EVIDENCED: N_("待核验"),
    ClaimState.PROVISIONAL: N_("已签约，待到岗"),
    ClaimState.COUNTED: N_("已计入"),
    ClaimState.CONFIRMED: N_("已计入（行政记录确认）"),
    ClaimState.DISPUTED: N_("复核中（仍计入）"),
    ClaimState.RETURNED: N_("已退回"),
    ClaimState.REVERSED: N_("已冲销"),
    EntryKind.COUNT: N_("计入"),
    EntryKind.REVERSE: N_("冲销"),
    EntryKind.MOVE_OUT: N_("转出"),
    EntryKind.MOVE_IN: N_("转入"),
    EntryKind.ALIAS: N_("身份合并"),
    EntryKind.ALIAS_VOID: N_("撤销身份合并"),
    Cause.R1: N_("证明材料不实"),
    Cause.R2: N_("毕业信息无效或不在统计窗口内"),
    Cause.R3: N_("协议解除，或签约后 90 日内未到岗"),
    Cause.R4: N_("在岗不足 30 日离开，且 90 日内没有新的在汉去向"),
    Cause.R5: N_("计入单位更正"),
    Cause.R6: N_("重复计数"),
    Cause.R7: N_("工作地点不在武汉"),
    Block.CODE_UNKNOWN: N_("毕业去向代码不在代码表中，请更正。"),
    Block.CODE_NOT_COUNTED: N_("这种去向按现行口径不计入留汉就业创业。"),
    Block.NOT_EMPLOYMENT: N_("实习、见习不计入；转为正式录用后另行计入。"),
    Block.NOT_IN_WUHAN: N_("工作地点不在武汉，或没有填写所在区。"),
    Block.NOT_STARTED: N_("起始日期还没有到，到岗之后再核验。"),
    Block.NOT_ONBOARDED: N_("只有就业协议，还没有到岗记录。请补充到岗、参保或劳动合同材料。"),
    Block.NOT_GRADUATED: N_("毕业日期还没有到，毕业之后再核验。"),
    Block.DEGREE_UNVERIFIED: N_("学历还没有核验，核验后才能计入。"),
    Block.BEFORE_WINDOW: N_("起始日期早于统计窗口（毕业前一年 9 月 1 日起）。"),
    Block.AFTER_WINDOW: N_("起始日期晚于统计窗口（毕业后五年内）。"),
    Block.NO_IDENTITY: N_("还没有登记证件号码，无法排除重复计数。请毕业生本人在“隐私与授权”中登记。"),
    Block.EVIDENCE_TOO_WEAK: N_("证明材料的级别不够，请补充更有力的材料。"),
    Block.PAY_BELOW_MINIMUM: N_("月薪没有填写，或低于最低工资标准。"),
    Block.NO_PERIOD: N_("起始日期不属于任何规划时期。"),
    Block.PERIOD_NOT_OPEN: N_("这个时期已经结账或尚未开始，不能再计入。"),
    Block.ALREADY_COUNTED: N_("此人在本时期已经计入一次，不能重复计入。"),
    Block.COUNTED_EARLIER: N_("此人在以前的时期已经计入，只有再次毕业后才能再次计入。"),
}

LIVE = frozenset({ClaimState.COUNTED, ClaimState.CONFIRMED, ClaimState.DISPUTED})
"""States in which a claim stands in the total."""

DECIDED = LIVE | {ClaimState.RETURNED, ClaimState.REVERSED}
"""States an officer has put a claim into: nobody is asked what is missing."""

EDITABLE = frozenset({ClaimState.CLAIMED, ClaimState.RETURNED})
"""States in which the claimant may still correct the claim."""

PERIODS_THAT_COUNT = frozenset({"open", "closing"})

_S = ClaimState
MOVES: Mapping[tuple[ClaimState, Event], ClaimState] = {
    (_S.CLAIMED, Event.PROVE): _S.EVIDENCED,
    (_S.RETURNED, Event.PROVE): _S.EVIDENCED,
    (_S.EVIDENCED, Event.PROVE): _S.EVIDENCED,
    (_S.PROVISIONAL, Event.PROVE): _S.EVIDENCED,
    (_S.EVIDENCED, Event.PROVISION): _S.PROVISIONAL,
    (_S.CLAIMED, Event.RETURN): _S.RETURNED,
    (_S.EVIDENCED, Event.RETURN): _S.RETURNED,
    (_S.PROVISIONAL, Event.RETURN): _S.RETURNED,
    (_S.EVIDENCED, Event.COUNT): _S.COUNTED,
    (_S.PROVISIONAL, Event.COUNT): _S.COUNTED,
    (_S.COUNTED, Event.CONFIRM): _S.CONFIRMED,
    (_S.COUNTED, Event.DISPUTE): _S.DISPUTED,
    (_S.CONFIRMED, Event.DISPUTE): _S.DISPUTED,
    (_S.DISPUTED, Event.UPHOLD): _S.COUNTED,
    (_S.COUNTED, Event.REVERSE): _S.REVERSED,
    (_S.CONFIRMED, Event.REVERSE): _S.REVERSED,
    (_S.DISPUTED, Event.REVERSE): _S.REVERSED,
}
"""DOMAIN 1.7; a reversed claim stays reversed: the person makes a new one."""


class ClaimStepNotAllowed(PlatformError):
    """An event that does not fit the state of the claim."""

    message = N_("这条去向现在是“%(state)s”，不能这样处理。请刷新页面，看看它的最新进展。")


class CannotCount(PlatformError):
    """A claim that may not count yet; names every reason at once."""

    message = N_("这条去向还不能计入：%(reasons)s")

    def __init__(self, blocks: Collection[Block]) -> None:
        self.blocks = tuple(blocks)
        super().__init__(reasons="".join(LABELS[block] for block in blocks))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a claimant says: MOE code, start, place of work (district or zone), pay a month.

    ``employer_name`` is for an employer that is not on the platform.
    """

    code: str
    started_on: date
    district: str | None
    address: str | None = None
    pay: int | None = None
    employer_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything the rule looks at, so that an officer can recompute a decision by hand.

    ``grades`` are those of the evidence that fits the code; ``approvals`` counts different officers in
    this round; ``counted_here`` says that a live count exists in the period, ``counted_before`` is the
    latest month of a live count in another period.
    """

    code: str
    started_on: date
    on: date
    graduation_on: date | None
    degree_verified: bool
    in_wuhan: bool
    has_identity: bool
    grades: Collection[Grade]
    approvals: int
    onboarded: bool
    pay: int | None
    kind: Kind | None = None
    period_status: str | None = "open"
    counted_here: bool = False
    counted_before: str | None = None


class Decision(StrEnum):
    """What an approval leads to."""

    COUNT = "count"
    SECOND_VERIFIER = "second_verifier"
    PROVISIONAL = "provisional"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision with every reason against it and the grade it rests on."""

    decision: Decision
    blocks: tuple[Block, ...]
    grade: Grade | None


def move(state: ClaimState, event: Event) -> ClaimState:
    """Return the state after an event or raise :class:`ClaimStepNotAllowed`."""
    target = MOVES.get((state, event))
    if target is None:
        raise ClaimStepNotAllowed(state=LABELS[state])
    return target


def window(graduation_on: date, ruleset: Ruleset) -> tuple[date, date]:
    """Return the first and the last day on which an outcome may start (DOMAIN 1.2)."""
    first = date(graduation_on.year - 1, ruleset.cohort_month, ruleset.cohort_day)
    year = graduation_on.year + ruleset.cohort_years
    leap_day = (graduation_on.month, graduation_on.day) == (2, 29)
    return first, date(year, 2, 28) if leap_day else graduation_on.replace(year=year)


def decide(facts: Facts, ruleset: Ruleset) -> Verdict:
    """Say what an approval leads to: a count, a second verifier, a provisional claim or a refusal.

    Source: DOMAIN 1.1-1.8. Every reason is given, not only the first.
    """
    code = outcome_code(facts.code)
    grade = strongest(one for one in facts.grades if one in VERIFIERS)
    blocks = (
        *_outcome_blocks(facts, code, grade),
        *_person_blocks(facts, ruleset),
        *_period_blocks(facts),
    )
    if blocks == (Block.NOT_ONBOARDED,):
        return Verdict(Decision.PROVISIONAL, blocks, grade)
    if blocks or grade is None:
        return Verdict(Decision.REFUSE, blocks, grade)
    if facts.approvals < VERIFIERS[grade]:
        return Verdict(Decision.SECOND_VERIFIER, blocks, grade)
    return Verdict(Decision.COUNT, blocks, grade)


def _outcome_blocks(facts: Facts, code: OutcomeCode | None, grade: Grade | None) -> list[Block]:
    if code is None:
        return [Block.CODE_UNKNOWN]
    least_pay = minimum_wage(facts.started_on) if code.needs_minimum_wage else 0
    found = {
        Block.CODE_NOT_COUNTED: not code.counts,
        Block.NOT_EMPLOYMENT: facts.kind is not None and facts.kind not in EMPLOYMENT,
        Block.NOT_IN_WUHAN: not facts.in_wuhan,
        Block.NOT_STARTED: facts.started_on > facts.on,
        Block.NOT_ONBOARDED: code.on_onboarding and not facts.onboarded,
        Block.EVIDENCE_TOO_WEAK: grade is None or grade > (code.min_grade or Grade.C),
        Block.PAY_BELOW_MINIMUM: code.needs_minimum_wage and (facts.pay or 0) < max(least_pay, 1),
    }
    return [block for block, holds in found.items() if holds]


def _person_blocks(facts: Facts, ruleset: Ruleset) -> list[Block]:
    blocks = [] if facts.has_identity else [Block.NO_IDENTITY]
    if facts.graduation_on is not None and facts.graduation_on > facts.on:
        blocks.append(Block.NOT_GRADUATED)
    if not facts.degree_verified or facts.graduation_on is None:
        return [*blocks, Block.DEGREE_UNVERIFIED]
    first, last = window(facts.graduation_on, ruleset)
    if facts.started_on < first:
        blocks.append(Block.BEFORE_WINDOW)
    if facts.started_on > last:
        blocks.append(Block.AFTER_WINDOW)
    return blocks


def _period_blocks(facts: Facts) -> list[Block]:
    if facts.period_status is None:
        return [Block.NO_PERIOD]
    graduated = month_of(facts.graduation_on) if facts.graduation_on else ""
    found = {
        Block.PERIOD_NOT_OPEN: facts.period_status not in PERIODS_THAT_COUNT,
        Block.ALREADY_COUNTED: facts.counted_here,
        Block.COUNTED_EARLIER: facts.counted_before is not None and graduated <= facts.counted_before,
    }
    return [block for block, holds in found.items() if holds]
