"""A compared pair as reasons a person may read, with the words that show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from matcher.documents import Match, PostingDocument, Reason, Span
from matcher.evidence import literal
from matcher.likeness import Likeness
from matcher.majors import FITTING, RELATED, Majors, runs_in_common
from matcher.scoring import Pair
from matcher.sentences import N_, SENTENCES
from matcher.text import field_text

__all__ = ["DEGREES", "N_", "SENTENCES", "Explainer", "term_reasons"]

DEGREES = ("", N_("专科"), N_("本科"), N_("硕士"), N_("博士"))
WANTED, WANTED_NEAR = 0.6, 0.65
_POSTING_FIELDS = ("skills", "requirements", "duties")


@dataclass(frozen=True, slots=True)
class Explainer:
    """Says what fits, what is missing, and which words in both texts say so."""

    majors: Majors
    likeness: Likeness

    def explain(self, pair: Pair, *, id: int, score: float, fit: float | None) -> Match:
        """Turn a pair into a match: requirements are counted, wishes only told."""
        requirements = [*_skills(pair), *_degree(pair), *self._major(pair)]
        said = [*_wanted(pair), *_kind(pair), *requirements, *self._related(pair), *_used(pair)]
        said += [*_wishes(pair), *self._similar(pair), *_pluses(pair)]
        return Match(
            id=id,
            score=score,
            met=sum(reason.satisfied for reason in requirements),
            asked=len(requirements),
            reasons=tuple(reason for reason in said if reason.satisfied),
            missing=tuple(reason for reason in said if not reason.satisfied),
            fit=fit,
        )

    def _major(self, pair: Pair) -> Iterator[Reason]:
        resume, posting = pair.resume, pair.posting
        if not self.majors.asked(posting):
            return
        met = pair.signals.major >= FITTING
        facts = {"major": resume.major, "majors": "、".join(posting.majors)}
        spans = self._major_spans(pair)
        yield Reason("major_met" if met and resume.major else "major_other", facts, spans, met)

    def _related(self, pair: Pair) -> Iterator[Reason]:
        resume = pair.resume
        if resume.major and not self.majors.asked(pair.posting) and pair.signals.major >= RELATED:
            yield Reason("major_related", {"major": resume.major}, self._major_spans(pair))

    def _major_spans(self, pair: Pair) -> tuple[Span, ...]:
        major, posting = pair.resume.major, pair.posting
        own = (Span("resume", "major", 0, len(major)),) if major else ()
        field, start, end = self.majors.cited(major, posting)
        return (*own, Span("posting", field, start, end)) if end > start else own

    def _similar(self, pair: Pair) -> Iterator[Reason]:
        spans = self.likeness.cited(pair)
        if spans:
            own = (span for span in spans if span.source == "resume")
            said = dict.fromkeys(field_text(pair.resume, s.field)[s.start : s.end] for s in own)
            yield Reason("similar", {"words": "、".join(said)}, spans)


def term_reasons(terms: Iterable[str], posting: PostingDocument) -> Iterator[Reason]:
    """Tell for each word of a question where a posting says it, or that it does not."""
    for term in terms:
        spans = [
            span for field in ("title", *_POSTING_FIELDS) for span in literal("posting", posting, field, term)
        ]
        code = "query_term" if spans else "query_term_missing"
        yield Reason(code, {"term": term}, tuple(spans), bool(spans))


def _skills(pair: Pair) -> Iterator[Reason]:
    """Tell of every skill required, the most telling first."""
    required = (one for one in pair.skills if one.asked.required)
    for one in sorted(required, key=lambda one: (-one.weight, one.term)):
        if one.shown:
            yield Reason("skill_covered", {"skill": one.term}, (*one.shown.spans, *one.asked.spans))
        else:
            yield Reason("skill_missing", {"skill": one.term}, one.asked.spans, satisfied=False)


def _used(pair: Pair) -> Iterator[Reason]:
    """Tell of skills that are a plus, or that the work uses, though nobody insists on them."""
    for one in sorted(pair.skills, key=lambda one: (-one.weight, one.term)):
        if one.shown and not one.asked.required:
            code = "plus_met" if one.asked.plus else "skill_used"
            yield Reason(code, {"skill": one.term}, (*one.shown.spans, *one.asked.spans))


def _pluses(pair: Pair) -> Iterator[Reason]:
    """Tell last of the pluses a resume does not show: they are no requirements."""
    for one in sorted(pair.skills, key=lambda one: (-one.weight, one.term)):
        if one.asked.plus and not one.asked.required and not one.shown:
            yield Reason("plus_other", {"skill": one.term}, one.asked.spans, satisfied=False)


def _degree(pair: Pair) -> Iterator[Reason]:
    required = pair.posting.degree_min
    if required:
        met = pair.resume.degree >= required
        code = "degree_met" if met else "degree_short" if pair.resume.degree else "degree_unknown"
        yield Reason(code, {"required": DEGREES[required]}, (), met)


def _wanted(pair: Pair) -> Iterator[Reason]:
    wish, title = pair.wish, pair.posting.title
    if wish.wish is None:
        return
    name = wish.wish.name
    if wish.said >= WANTED:
        spans = [Span("posting", "title", start, end) for start, end in runs_in_common(name, title)]
        code = "wanted"
    elif wish.meant >= WANTED_NEAR:
        spans, code = [Span("posting", "title", 0, len(title))], "wanted_near"
    else:
        return
    own = literal("resume", pair.resume, "wanted", name)[:1]
    yield Reason(code, {"wanted": name, "title": title}, (*own, *spans))


def _kind(pair: Pair) -> Iterator[Reason]:
    """Tell of an unwanted kind before all that is missing."""
    if pair.resume.kinds and pair.signals.kind < 1:
        yield _either("kind", met=False)


def _wishes(pair: Pair) -> Iterator[Reason]:
    resume, terms = pair.resume, pair.terms
    if resume.kinds and pair.signals.kind == 1:
        yield _either("kind", met=True)
    if resume.districts:
        yield _either("district", met=terms.district == 1)
    if resume.clusters and terms.cluster == 1:
        yield Reason("cluster_met", {})
    if resume.pay_min:
        yield _pay(resume.pay_min, pair.posting)
    if terms.start < 1:
        yield Reason("start_late", {}, (), satisfied=False)


def _pay(wish: int, posting: PostingDocument) -> Reason:
    pay = posting.pay_max if posting.pay_max is not None else posting.pay_min
    if pay is None:
        return Reason("pay_unknown", {}, (), satisfied=False)
    met = pay >= wish
    return Reason("pay_met" if met else "pay_short", {"pay": pay, "wish": wish}, (), met)


def _either(what: str, *, met: bool) -> Reason:
    return Reason(f"{what}_met" if met else f"{what}_other", {}, (), met)
