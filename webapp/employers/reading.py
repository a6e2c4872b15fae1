"""A match and a resume as an employer may read them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from matcher.documents import Match, Reason, ResumeDocument
from matcher.text import field_text, without_personal_marks
from webapp.domain.words import N_
from webapp.ui.filters import sentence

SECRET = frozenset({"pay_met", "pay_short", "pay_unknown"})
"""Reasons for the graduate alone: by changing its pay a posting could find out the wished-for one."""
PRIVATE: Mapping[str, str] = {
    "district_met": N_("工作地点在对方意愿区域内"),
    "district_other": N_("工作地点不在对方意愿区域内"),
}
"""Reasons an employer reads in words about the graduate."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Some words of a resume, and whether a reason cites them."""

    words: str
    cited: bool


def told(reasons: Iterable[Reason]) -> list[str]:
    """Say reasons to an employer, but for what only the graduate may know."""
    return [
        _(PRIVATE[reason.code]) if reason.code in PRIVATE else sentence(reason)
        for reason in reasons
        if reason.code not in SECRET
    ]


def cited(resume: ResumeDocument, match: Match) -> Sequence[Passage]:
    """Return the nameless text in passages, those a reason cites marked.

    School, origin, sex and age are left out: nobody is judged by them before they have agreed to be known.
    """
    text = field_text(resume, "text")
    spans = sorted(
        (span.start, span.end)
        for reason in match.reasons
        for span in reason.spans
        if span.source == "resume" and span.field == "text"
    )
    passages, end = [], 0
    for start, stop in spans:
        if start >= end:
            passages += [_passage(text[end:start], cited=False), Passage(text[start:stop], cited=True)]
            end = stop
    return [*passages, _passage(text[end:], cited=False)]


def _passage(words: str, *, cited: bool) -> Passage:
    return Passage(without_personal_marks(words), cited)
