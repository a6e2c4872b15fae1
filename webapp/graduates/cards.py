"""Matches as cards and as checklists."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from matcher.documents import Match, Reason, ResumeDocument
from matcher.scoring import REMOTE
from webapp.domain.postings import Kind
from webapp.models import Posting
from webapp.ui.filters import district, sentence

REQUIREMENTS = (
    "skill_covered",
    "skill_missing",
    "degree_met",
    "degree_short",
    "degree_unknown",
    "major_met",
    "major_other",
)
"""Codes of what a posting asks; the others speak of wishes and likeness."""
AROUND = 14
"""Characters shown on each side of a cited word."""


@dataclass(frozen=True)
class MatchCard:
    """A posting among matches, in words; ``remote`` ones have little to do with the resume."""

    id: int
    title: str
    employer: str
    place: str
    kind: Kind
    pay_min: int | None
    pay_max: int | None
    months: int
    met: int
    asked: int
    reasons: Sequence[str]
    gaps: Sequence[str]
    fit: float | None
    remote: bool
    saved: bool = False
    applied: bool = False


@dataclass(frozen=True)
class Requirement:
    """One line of the checklist: met or not, with the words of the resume that say so."""

    text: str
    met: bool
    note: Markup | None


def match_cards(
    matches: Iterable[Match],
    postings: Iterable[Posting],
    *,
    saved: Collection[int] = (),
    applied: Collection[int] = (),
    compared: bool = True,
) -> list[MatchCard]:
    """Return the cards of a ranking, in its order; postings gone in between are left out.

    ``compared`` is false while there is no resume: then nobody is told what theirs does not say.
    """
    by_id = {posting.id: posting for posting in postings}
    told = [_card(by_id[match.id], match) for match in matches if match.id in by_id]
    cards = [replace(card, saved=card.id in saved, applied=card.id in applied) for card in told]
    if compared:
        return cards
    return [replace(card, met=0, asked=0, gaps=(), fit=None, remote=False) for card in cards]


def requirements(match: Match, resume: ResumeDocument) -> list[Requirement]:
    """Return what a posting asks, what is missing first."""
    asked = [reason for reason in (*match.missing, *match.reasons) if reason.code in REQUIREMENTS]
    return [Requirement(sentence(reason), reason.satisfied, _cited(reason, resume)) for reason in asked]


def likenesses(match: Match, resume: ResumeDocument) -> list[Requirement]:
    """Return what fits besides the requirements: the wish, the studies, likeness of the work."""
    found = [reason for reason in match.reasons if reason.code not in REQUIREMENTS and reason.spans]
    return [Requirement(sentence(reason), met=True, note=_cited(reason, resume)) for reason in found]


def _card(posting: Posting, match: Match) -> MatchCard:
    return MatchCard(
        id=posting.id,
        title=posting.title,
        employer=posting.employer.name,
        place=district(posting.district),
        kind=posting.kind,
        pay_min=posting.pay_min,
        pay_max=posting.pay_max,
        months=posting.months,
        met=match.met,
        asked=match.asked,
        reasons=[sentence(reason) for reason in match.reasons],
        gaps=[sentence(reason) for reason in match.missing],
        fit=match.fit,
        remote=match.score < REMOTE,
    )


def _cited(reason: Reason, resume: ResumeDocument) -> Markup | None:
    """Return the first place in the resume's text that shows a requirement is met."""
    span = next((span for span in reason.spans if (span.source, span.field) == ("resume", "text")), None)
    if span is None:
        return None
    text = resume.text
    before, after = text[max(0, span.start - AROUND) : span.start], text[span.end : span.end + AROUND]
    parts = (before, text[span.start : span.end], after)
    return Markup("…%s<mark>%s</mark>%s…") % tuple(" ".join(part.split()) for part in parts)
