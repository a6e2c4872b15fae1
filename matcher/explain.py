"""A compared pair as reasons a person may read, with the words that show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from matcher.documents import Match, PostingDocument, Reason, ResumeDocument, Span
from matcher.majors import FITTING, RELATED, best_containment
from matcher.scoring import Pair
from matcher.sentences import N_, SENTENCES
from matcher.skills import Vocabulary
from matcher.text import field_text

__all__ = ["DEGREES", "N_", "SENTENCES", "Explainer", "term_reasons"]

DEGREES = ("", N_("专科"), N_("本科"), N_("硕士"), N_("博士"))
SIMILAR = 0.5
WANTED = 0.6
_RESUME_FIELDS = ("skills", "text")
_POSTING_FIELDS = ("skills", "requirements", "duties")


@dataclass(frozen=True, slots=True)
class Explainer:
    """Says what fits, what is missing, and which words in both texts say so."""

    vocabulary: Vocabulary

    def explain(self, pair: Pair, *, id: int, score: float) -> Match:
        """Turn a pair into a match: requirements are counted, wishes only told."""
        requirements = [*self._skills(pair), *_degree(pair), *_major(pair)]
        said = [*_wanted(pair), *requirements, *_related(pair), *_wishes(pair), *_similar(pair)]
        return Match(
            id=id,
            score=score,
            met=sum(reason.satisfied for reason in requirements),
            asked=len(requirements),
            reasons=tuple(reason for reason in said if reason.satisfied),
            missing=tuple(reason for reason in said if not reason.satisfied),
        )

    def _skills(self, pair: Pair) -> Iterator[Reason]:
        own = self._spans("resume", pair.resume, _RESUME_FIELDS)
        theirs = self._spans("posting", pair.posting, _POSTING_FIELDS)
        for term in sorted(pair.asked, key=lambda t: (-self.vocabulary.weight(t), t)):
            covered = term in pair.covered
            shown = own.get(term) or _literal("resume", pair.resume, "text", term)
            spans = (*(shown if covered else ()), *theirs.get(term, ()))
            code = "skill_covered" if covered else "skill_missing"
            yield Reason(code, {"skill": term}, spans, covered)

    def _spans(
        self,
        source: Literal["resume", "posting"],
        document: ResumeDocument | PostingDocument,
        fields: Iterable[str],
    ) -> dict[str, tuple[Span, ...]]:
        found: dict[str, tuple[Span, ...]] = {}
        for field in fields:
            if field == "skills":
                cited = _listed(source, document, self.vocabulary)
            else:
                cited = [
                    (m.term, Span(source, field, m.start, m.end))
                    for m in self.vocabulary.mentions(field_text(document, field))
                ]
            for term, span in cited:
                found[term] = (*found.get(term, ()), span)
        return found


def term_reasons(terms: Iterable[str], posting: PostingDocument) -> Iterator[Reason]:
    """Tell for each word of a question where a posting says it, or that it does not."""
    for term in terms:
        spans = [
            span
            for field in ("title", *_POSTING_FIELDS)
            for span in _literal("posting", posting, field, term)
        ]
        code = "query_term" if spans else "query_term_missing"
        yield Reason(code, {"term": term}, tuple(spans), bool(spans))


def _degree(pair: Pair) -> Iterator[Reason]:
    required = pair.posting.degree_min
    if required:
        met = pair.resume.degree >= required
        code = "degree_met" if met else "degree_short" if pair.resume.degree else "degree_unknown"
        yield Reason(code, {"required": DEGREES[required]}, (), met)


def _major(pair: Pair) -> Iterator[Reason]:
    resume, posting = pair.resume, pair.posting
    fit = pair.signals.major
    own = (Span("resume", "major", 0, len(resume.major)),) if resume.major else ()
    if posting.majors:
        asked = Span("posting", "majors", 0, len(field_text(posting, "majors")))
        met = fit >= FITTING
        facts = {"major": resume.major, "majors": "、".join(posting.majors)}
        code = "major_met" if met and resume.major else "major_other"
        yield Reason(code, facts, (*own, asked), met)


def _related(pair: Pair) -> Iterator[Reason]:
    resume, posting = pair.resume, pair.posting
    if resume.major and not posting.majors and pair.signals.major >= RELATED:
        field = "requirements" if posting.requirements else "duties"
        cited = _literal("posting", posting, field, resume.major)
        own = Span("resume", "major", 0, len(resume.major))
        yield Reason("major_related", {"major": resume.major}, (own, *cited))


def _wanted(pair: Pair) -> Iterator[Reason]:
    share, wanted = best_containment(pair.resume.wanted, pair.posting.title)
    if share >= WANTED:
        title = Span("posting", "title", 0, len(pair.posting.title))
        cited = _literal("resume", pair.resume, "wanted", wanted)[:1]
        yield Reason("wanted", {"wanted": wanted}, (*cited, title))


def _wishes(pair: Pair) -> Iterator[Reason]:
    resume, signals = pair.resume, pair.signals
    if resume.kinds:
        yield _either("kind", met=signals.kind == 1)
    if resume.districts:
        yield _either("district", met=signals.district == 1)
    if resume.clusters and signals.cluster == 1:
        yield Reason("cluster_met", {})
    if resume.pay_min:
        yield _pay(resume.pay_min, pair.posting)
    late = resume.start_on and pair.posting.start_on and resume.start_on > pair.posting.start_on
    if late:
        yield Reason("start_late", {}, (), satisfied=False)


def _pay(wish: int, posting: PostingDocument) -> Reason:
    pay = posting.pay_max if posting.pay_max is not None else posting.pay_min
    if pay is None:
        return Reason("pay_unknown", {}, (), satisfied=False)
    met = pay >= wish
    return Reason("pay_met" if met else "pay_short", {"pay": pay, "wish": wish}, (), met)


def _similar(pair: Pair) -> Iterator[Reason]:
    if pair.signals.similarity >= SIMILAR:
        yield Reason("similar", {})


def _either(what: str, *, met: bool) -> Reason:
    return Reason(f"{what}_met" if met else f"{what}_other", {}, (), met)


def _listed(
    source: Literal["resume", "posting"],
    document: ResumeDocument | PostingDocument,
    vocabulary: Vocabulary,
) -> list[tuple[str, Span]]:
    cited, start = [], 0
    for name in document.skills:
        cited.append((vocabulary.canonical(name), Span(source, "skills", start, start + len(name))))
        start += len(name) + 1
    return cited


def _literal(
    source: Literal["resume", "posting"],
    document: ResumeDocument | PostingDocument,
    field: str,
    term: str,
) -> list[Span]:
    text, found, start = field_text(document, field).lower(), [], 0
    while term and (start := text.find(term.lower(), start)) >= 0:
        found.append(Span(source, field, start, start + len(term)))
        start += len(term)
    return found
