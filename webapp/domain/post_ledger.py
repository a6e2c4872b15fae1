"""The post ledger: which postings are one post, what a post counts, and where it is counted.

A post counts the largest headcount any of its postings states (:mod:`webapp.domain.post_likeness`), in
the period, unit, kind and month in which it was first published. All its differences belong to that one
cell; when each became known is the entry's own date.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from webapp.domain.dates import month_of
from webapp.domain.errors import PlatformError
from webapp.domain.post_likeness import DOUBTFUL, SAME, Offer, Shingles, likeness, same_place
from webapp.domain.postings import Kind
from webapp.domain.programme import unit_of
from webapp.domain.words import N_

NOWHERE = ""
"""The unit of a post in the city whose district nobody has stated."""


class PostDeed(StrEnum):
    """What an entry of the post ledger stands for."""

    PUBLISHED = "published"
    CHANGED = "changed"
    JOINED = "joined"
    SEPARATED = "separated"
    WITHDRAWN = "withdrawn"


LABELS: Mapping[StrEnum, str] = {
    PostDeed.PUBLISHED: N_("新发布"),
    PostDeed.CHANGED: N_("人数或条件变动"),
    PostDeed.JOINED: N_("认定为同一岗位"),
    PostDeed.SEPARATED: N_("撤销合并"),
    PostDeed.WITHDRAWN: N_("岗位被下架"),
}


class OneOfficerTwice(PlatformError):
    """A merge is undone by two people."""

    message = N_("撤销合并会增加岗位数，须由另一名工作人员确认。")


class NotTogether(PlatformError):
    """A posting that stands alone, or two that already are one post."""

    message = N_("这条招聘信息的归并情况已经变化，请刷新页面再看。")


class Cell(NamedTuple):
    """Where a post is counted."""

    period_id: str
    unit: str
    kind: Kind
    month: str


class Standing(NamedTuple):
    """What a post counts; ``well_paid`` are those of its places that are 高薪优岗."""

    cell: Cell
    headcount: int
    well_paid: int


class Delta(NamedTuple):
    """What an entry adds to its cell."""

    cell: Cell
    headcount: int
    well_paid: int


@dataclass(frozen=True, slots=True)
class Stated:
    """What one posting of a post states; ``well_paid`` is None where it names no pay.

    A headcount of 0 is a posting that was taken off the platform.
    """

    posting_id: int
    kind: Kind
    place: str | None
    first_on: date
    headcount: int
    well_paid: bool | None


@dataclass(frozen=True, slots=True)
class Home:
    """Where a posting belongs: a post and those that are one with it through it, or nowhere yet.

    ``doubts`` are postings of other posts an officer should compare it with, and how alike they are.
    """

    post_id: int | None
    joined: tuple[int, ...]
    doubts: tuple[tuple[int, float], ...]


Periods = Sequence[tuple[str, date, date]]
Pair = frozenset[int]


def find_home(
    offer: Offer, posts: Mapping[int, Sequence[Offer]], texts: Shingles, parted: Collection[Pair] = ()
) -> Home:
    """Find the post of a posting among the employer's posts.

    ``parted`` are pairs of postings an officer has told apart. The most alike post is taken; others are
    joined to it unless two of their postings contradict each other. The order in which postings come
    matters only there: one without a place can belong to either of two posts.
    """
    best = {
        post_id: max((likeness(offer, other, texts), -other.posting_id) for other in offers)
        for post_id, offers in posts.items()
        if offers
    }
    ranked = sorted(best, key=lambda post_id: (-best[post_id][0], post_id))
    together, home = [offer], []
    doubts = []
    for post_id in ranked:
        score, number = best[post_id]
        if score < DOUBTFUL:
            break
        if _contradict(together, posts[post_id], parted):
            continue
        if score >= SAME:
            home.append(post_id)
            together += posts[post_id]
        else:
            doubts.append((-number, score))
    return Home(home[0] if home else None, tuple(home[1:]), tuple(doubts))


def standing(stated: Iterable[Stated], periods: Periods) -> Standing | None:
    """Return what the postings of a post come to; None where none stands, or no period covers its day.

    Well paid is a post at least one posting of which states such pay and none states less.
    """
    live = sorted((one for one in stated if one.headcount), key=lambda one: (one.first_on, one.posting_id))
    cell = cell_of(live, periods)
    if cell is None:
        return None
    headcount = max(one.headcount for one in live)
    said = {one.well_paid for one in live}
    return Standing(cell, headcount, headcount if True in said and False not in said else 0)


def cell_of(live: Sequence[Stated], periods: Periods) -> Cell | None:
    """Return where a post with these postings, the first published first, is counted."""
    if not live:
        return None
    day = live[0].first_on
    period_id = next((name for name, first, last in periods if first <= day <= last), None)
    place = next((one.place for one in live if one.place), None)
    if period_id is None:
        return None
    return Cell(period_id, unit_of(place, day) or NOWHERE, live[0].kind, month_of(day))


def deltas(before: Standing | None, after: Standing | None) -> list[Delta]:
    """Return the entries that lead from one standing to another; two where the cell changes."""
    if before is not None and after is not None and before.cell == after.cell:
        return [Delta(after.cell, after.headcount - before.headcount, after.well_paid - before.well_paid)]
    taken = [Delta(before.cell, -before.headcount, -before.well_paid)] if before else []
    return [*taken, *([Delta(*after)] if after else [])]


def _contradict(some: Sequence[Offer], others: Sequence[Offer], parted: Collection[Pair]) -> bool:
    return any(
        not same_place(one.place, other.place) or frozenset({one.posting_id, other.posting_id}) in parted
        for one in some
        for other in others
    )
