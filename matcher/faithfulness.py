"""Whether explanations tell the truth: what is cited counts.

The test of faithfulness by erasure (DeYoung et al. 2020): take the cited words out of the document itself
and compare it again. The score must fall; words nobody cited, drawn by seed and as long, must move it less.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from matcher.documents import (
    Match,
    PostingDocument,
    ResumeDocument,
    Span,
)
from matcher.engine import MatchingEngine
from matcher.text import field_text

PROSE = ("text", "duties", "requirements")
_TRIES = 20

Side = TypeVar("Side", ResumeDocument, PostingDocument)


@dataclass
class Faithfulness:
    """Counts over many pairs; shares are None while nothing was counted."""

    citations: int = 0
    outside: int = 0
    lowered: int = 0
    cited_moves: list[float] = field(default_factory=list)
    uncited_moves: list[float] = field(default_factory=list)

    def printable(self) -> dict[str, float | int | None]:
        """Return the figures that are reported."""
        pairs = list(zip(self.cited_moves, self.uncited_moves, strict=True))
        return {
            "citations": self.citations,
            "inside_the_text": _share(self.citations - self.outside, self.citations),
            "cited_removal_lowers": _share(self.lowered, self.citations),
            "compared_removals": len(pairs),
            "mean_move_cited": _mean(self.cited_moves),
            "mean_move_uncited": _mean(self.uncited_moves),
            "uncited_moves_less": _share(sum(other < cited for cited, other in pairs), len(pairs)),
        }


def without(document: Side, field: str, start: int, end: int) -> Side:
    """Return a document without some words of a field; an emptied name leaves its list."""
    text = field_text(document, field)
    rest: str | tuple[str, ...] = text[:start] + text[end:]
    if isinstance(getattr(document, field), tuple):
        rest = tuple(name for name in str(rest).split("、") if name.strip())
    return replace(document, **{field: rest})  # type: ignore[arg-type] # one of its own fields


def examine(
    engine: MatchingEngine,
    pairs: Iterable[tuple[ResumeDocument, PostingDocument]],
    *,
    today: date,
    seed: int = 0,
) -> Faithfulness:
    """Erase every cited span of every pair, one at a time."""
    found, draw = Faithfulness(), random.Random(seed)  # noqa: S311 - sampling, not secrecy
    for resume, posting in pairs:
        match = engine.match(resume, posting, today=today)
        for span in cited(match):
            found.citations += 1
            found.outside += not _inside(span, resume, posting)
            moved = match.score - _scored_without(engine, resume, posting, span, today)
            found.lowered += moved > 0
            other = _uncited(match, span, resume, posting, draw)
            if other is not None:
                found.cited_moves.append(abs(moved))
                moved = match.score - _scored_without(engine, resume, posting, other, today)
                found.uncited_moves.append(abs(moved))
    return found


def cited(match: Match) -> Iterator[Span]:
    """Yield each span that speaks for a match, once."""
    yield from dict.fromkeys(span for reason in match.reasons for span in reason.spans)


def _inside(span: Span, resume: ResumeDocument, posting: PostingDocument) -> bool:
    text = field_text(resume if span.source == "resume" else posting, span.field)
    return 0 <= span.start < span.end <= len(text)


def _scored_without(
    engine: MatchingEngine, resume: ResumeDocument, posting: PostingDocument, span: Span, today: date
) -> float:
    if span.source == "resume":
        resume = without(resume, span.field, span.start, span.end)
    else:
        posting = without(posting, span.field, span.start, span.end)
    return engine.match(resume, posting, today=today).score


def _uncited(
    match: Match, span: Span, resume: ResumeDocument, posting: PostingDocument, draw: random.Random
) -> Span | None:
    """Draw words of the same field and length that no reason cites; None where the field has no room."""
    if span.field not in PROSE:
        return None
    text = field_text(resume if span.source == "resume" else posting, span.field)
    length = span.end - span.start
    taken = [
        one
        for reason in (*match.reasons, *match.missing)
        for one in reason.spans
        if (one.source, one.field) == (span.source, span.field)
    ]
    for _ in range(_TRIES):
        start = draw.randrange(max(1, len(text) - length + 1))
        end = start + length
        if end <= len(text) and all(end <= one.start or start >= one.end for one in taken):
            return Span(span.source, span.field, start, end)
    return None


def _share(part: float, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _mean(values: list[float]) -> float | None:
    return _share(sum(values), len(values))
