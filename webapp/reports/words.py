"""Figures in sentences: thousands, shares, days, and the lines every report ends with."""

from collections.abc import Sequence

from webapp.domain.publication import HIDDEN
from webapp.reports.document import DIGITS, Cell, Edition, Table
from webapp.reports.snapshot import Snapshot


def number(value: Cell) -> str:
    """Say a count: 12,345; one that was left out is said to be."""
    return "（未公布）" if value == HIDDEN else f"{value:,}"


def percent(value: Cell) -> str:
    """Say a share: 87.3%."""
    if value is None or value == HIDDEN:
        return "（未公布）"
    return f"{value:.1%}"


def day(iso: str) -> str:
    """Say a day as 2026年6月30日."""
    year, month, date = iso.split("-")
    return f"{year}年{int(month)}月{int(date)}日"


def month(iso: str) -> str:
    """Say a month as 2026年6月."""
    year, number_of_month = iso.split("-")
    return f"{year}年{int(number_of_month)}月"


def method(snapshot: Snapshot, *more: str) -> list[str]:
    """Return how the figures were taken, what is particular to a report last."""
    content = snapshot.content
    until, chosen = content["followed_until"], content["definition"]
    followed = f"回访汇总更新到{day(until)}。" if until else "还没有回访汇总。"
    own = f"口径：{chosen['name']}（{chosen['id']}）。{chosen['says']}"
    counted = f"计数按账本截至{day(snapshot.as_of)}的分录重新汇总"
    return [
        f"{own}同一人在一个时期只计一次；实习、见习、升学、落户不计。",
        f"{counted}；待核验的去向、投递和岗位按汇集时的状态、以各自日期截止。{followed}",
        "只统计平台可追溯的人和岗位；其他部门的上报数单列，不与平台数相加。",
        *more,
    ]


def foot(snapshot: Snapshot, tables: Sequence[Table], edition: Edition) -> list[str]:
    """Return the lines by which every figure can be traced: snapshot, ledger, rules, queries."""
    content = snapshot.content
    rule = (
        f"小于 {snapshot.least} 的数不公布，写作“{HIDDEN}”；能推算出它的其他数一并隐去。"
        if edition is Edition.PUBLIC
        else "内部资料，未隐去小数，不得对外提供。"
    )
    ledger, definition = snapshot.ledger, content["definition"]
    known_by = f"快照 {snapshot.id}；数据截至{day(snapshot.as_of)}；时期 {content['period']['id']}"
    ruled_by = (
        f"规则 {content['ruleset']['id']}；口径 {definition['id']}，摘要 {definition['digest'][:DIGITS]}"
    )
    return [
        f"{known_by}；账本第 {ledger.seq:,} 行，哈希 {ledger.hash}。",
        f"{ruled_by}；统计基础：平台可追溯。",
        f"隐去规则：{rule}",
        *(_traced(snapshot, table) for table in tables),
    ]


def _traced(snapshot: Snapshot, table: Table) -> str:
    queries = "、".join(snapshot.query(one)[:DIGITS] for one in table.sources) or "无"
    return f"{table.name}：n = {table.rests_on}；表摘要 {table.digest}；查询摘要 {queries}。"
