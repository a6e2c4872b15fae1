"""The posts of some employers in hand: read once, changed by the rule, written back as entries and sums."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.domain.post_ledger import (
    Cell,
    Home,
    Pair,
    PostDeed,
    Standing,
    deltas,
    find_home,
    standing,
)
from webapp.domain.post_likeness import Offer, may_be_same, shingles, title_likeness
from webapp.models import Post, PostEntry, PostOffer
from webapp.queries import post_rule as queries
from webapp.queries.post_rule import Taken
from webapp.services.post_rows import Row, add_entries, ask, keep

LOCK = 0x506F737473  # "Posts"
"""Number of the advisory lock under which PostgreSQL writes the post ledger."""


def lock_posts(session: Session) -> None:
    """Let nobody else write the post ledger until this transaction ends; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(LOCK)))


@dataclass(slots=True)
class _Held:
    """A post in hand; ``before`` is what its row says."""

    before: Standing | None
    now: Standing | None
    first_id: int
    was_first_id: int | None = None
    members: set[int] = field(default_factory=set)


class Book:
    """Takes the ledger's lock and everything the rule may compare with these postings.

    ``actor_id`` and ``second_id`` sign the entries. Nothing is written before :meth:`write`.
    """

    def __init__(
        self,
        session: Session,
        offers: Collection[Offer],
        *,
        at: datetime,
        actor_id: int | None = None,
        second_id: int | None = None,
        reason: str | None = None,
    ) -> None:
        self._session, self._at = session, at
        self._signed = {"actor_id": actor_id, "second_actor_id": second_id, "reason": reason}
        lock_posts(session)
        self._periods = queries.periods_of(session)
        self._taken: dict[int, Taken] = {}
        self._posts: dict[int, _Held] = {}
        self._home: dict[int, int] = {}
        self._by_title: dict[str | int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self._texts: dict[int, AbstractSet[str]] = {}
        self._changed: set[int] = set()
        self._entries: list[Row] = []
        self._questions: dict[Pair, float] = {}
        self._read(offers)
        self._next_post = (session.scalar(select(func.max(Post.id))) or 0) + 1
        self._next_seq = (session.scalar(select(func.max(PostEntry.seq))) or 0) + 1

    def knows(self, posting_id: int) -> Taken | None:
        """Return a posting as the ledger has it."""
        return self._taken.get(posting_id)

    def together_with(self, posting_id: int) -> list[int]:
        """Return the other postings of a posting's post."""
        return sorted(self._posts[self._home[posting_id]].members - {posting_id})

    def place(self, said: Taken) -> bool:
        """Give a new posting its post by the rule; returns whether that is a post the ledger had."""
        if standing([said.stated], self._periods) is None:
            return False
        home = self._find(said.offer)
        post_id = home.post_id or self._open(said)
        self._put(said, post_id)
        self._settle(post_id, said, PostDeed.JOINED if home.post_id else PostDeed.PUBLISHED)
        for other in home.joined:
            self.join(other, post_id)
        for number, score in home.doubts:
            self._questions[frozenset({said.offer.posting_id, number})] = score
        return home.post_id is not None

    def change(self, said: Taken) -> None:
        """Let a known posting state something else, and find whom it is one with now."""
        post_id, before = self._home[said.offer.posting_id], self._taken[said.offer.posting_id]
        self._put(said, post_id)
        gone = before.headcount and not said.headcount
        self._settle(post_id, said, PostDeed.WITHDRAWN if gone else PostDeed.CHANGED)
        if said.offer.title_key == before.offer.title_key and said.offer.place == before.offer.place:
            return
        home = self._find(said.offer, besides=post_id)
        for other in (home.post_id, *home.joined):
            if other is not None:
                self.join(other, post_id)

    def join(self, gone: int, stays: int) -> None:
        """Take two posts for one: every posting of the first belongs to the second."""
        for number in sorted(self._posts[gone].members):
            said = self._taken[number]
            self._put(said, stays)
            self._settle(gone, said, PostDeed.JOINED)
            self._settle(stays, said, PostDeed.JOINED)

    def separate(self, posting_id: int) -> None:
        """Give a posting a post of its own again."""
        said, before = self._taken[posting_id], self._home[posting_id]
        self._put(said, self._open(said))
        self._settle(before, said, PostDeed.SEPARATED)
        self._settle(self._home[posting_id], said, PostDeed.SEPARATED)

    def write(self) -> None:
        """Write posts, postings, entries, sums and questions in as few statements as there are tables."""
        session = self._session
        keep(session, Post, [self._post_row(one) for one in self._posts if self._moved(one)])
        keep(session, PostOffer, [self._offer_row(number) for number in sorted(self._changed)])
        add_entries(session, self._entries)
        ask(session, self._questions, at=self._at)
        session.flush()
        session.expire_all()

    def _read(self, offers: Collection[Offer]) -> None:
        rows = queries.neighbours(self._session, offers)
        for row in rows:
            offer = queries.offer_of(row)
            said = Taken(offer, row.headcount, row.well_paid, row.threshold_version)
            self._posts.setdefault(row.post_id, _Held(None, None, offer.posting_id))
            self._put(said, row.post_id)
        self._changed.clear()
        kept = select(Post).where(Post.id.in_(self._posts))
        for post in self._session.scalars(kept.execution_options(populate_existing=True)):
            cell = Cell(post.period_id, post.unit, post.kind, post.month)
            now = Standing(cell, post.headcount, post.well_paid)
            held = self._posts[post.id]
            held.before = held.now = now
            held.first_id = held.was_first_id = post.posting_id
        self._parted = queries.parted(self._session, [*self._taken])

    def _find(self, offer: Offer, besides: int | None = None) -> Home:
        near = {self._home[number] for number in self._like(offer)} - {besides}
        posts = {
            post_id: [self._taken[one].offer for one in self._posts[post_id].members] for post_id in near
        }
        self._want({offer.posting_id, *(one.posting_id for offers in posts.values() for one in offers)})
        return find_home(offer, posts, self._texts.__getitem__, self._parted)

    def _like(self, offer: Offer) -> Iterator[int]:
        """Yield the employer's postings that may offer the same post."""
        for employer in (offer.employer_key, offer.employer_id):
            for title, numbers in self._by_title[employer].items():
                if title_likeness(offer.title_key, title):
                    yield from (one for one in numbers if may_be_same(offer, self._taken[one].offer))

    def _want(self, numbers: AbstractSet[int]) -> None:
        missing = numbers - self._texts.keys()
        if len(numbers) > 1 and missing:
            found = queries.texts_of(self._session, missing)
            self._texts |= {number: shingles(text) for number, text in found.items()}

    def _open(self, said: Taken) -> int:
        post_id = self._next_post
        self._next_post += 1
        self._posts[post_id] = _Held(None, None, said.offer.posting_id)
        return post_id

    def _put(self, said: Taken, post_id: int) -> None:
        """Let a posting belong to a post."""
        number, offer = said.offer.posting_id, said.offer
        if known := self._taken.get(number):
            self._posts[self._home[number]].members.discard(number)
            for employer in (known.offer.employer_key, known.offer.employer_id):
                self._by_title[employer][known.offer.title_key].discard(number)
        self._taken[number], self._home[number] = said, post_id
        self._posts[post_id].members.add(number)
        for employer in (offer.employer_key, offer.employer_id):
            self._by_title[employer][offer.title_key].add(number)
        self._changed.add(number)

    def _settle(self, post_id: int, said: Taken, deed: PostDeed) -> None:
        """Note what a post counts more or less now."""
        held = self._posts[post_id]
        members = [self._taken[number].stated for number in held.members]
        after = standing(members, self._periods)
        live = [one for one in members if one.headcount] or members
        if live:
            held.first_id = min(live, key=lambda one: (one.first_on, one.posting_id)).posting_id
        for delta in deltas(held.now, after):
            if deed is PostDeed.CHANGED and not (delta.headcount or delta.well_paid):
                continue
            self._entries.append(
                {
                    "seq": self._next_seq,
                    "deed": deed,
                    "post_id": post_id,
                    "posting_id": said.offer.posting_id,
                    **delta.cell._asdict(),
                    "delta": delta.headcount,
                    "well_paid_delta": delta.well_paid,
                    "headcount": said.headcount,
                    "threshold_version": said.version,
                    "created_at": self._at,
                    **self._signed,
                }
            )
            self._next_seq += 1
        held.now = after or (Standing(held.now.cell, 0, 0) if held.now else None)

    def _moved(self, post_id: int) -> bool:
        held = self._posts[post_id]
        return held.now is not None and (held.now, held.first_id) != (held.before, held.was_first_id)

    def _post_row(self, post_id: int) -> Row:
        held = self._posts[post_id]
        if held.now is None:
            raise ValueError(post_id)
        cell, headcount, well_paid = held.now
        return {
            "id": post_id,
            "posting_id": held.first_id,
            **cell._asdict(),
            "headcount": headcount,
            "well_paid": well_paid,
        }

    def _offer_row(self, number: int) -> Row:
        said = self._taken[number]
        return {
            **asdict(said.offer),
            "post_id": self._home[number],
            "headcount": said.headcount,
            "well_paid": said.well_paid,
            "threshold_version": said.version,
        }
