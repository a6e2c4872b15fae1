"""A posting that a search found: how well it answers a question, beside how well it fits a person."""

from __future__ import annotations

from dataclasses import dataclass, replace

from matcher.documents import Match, PostingDocument, Reason
from matcher.explain import term_reasons
from matcher.queries import Query
from matcher.scoring import Pair, blended


@dataclass(frozen=True, slots=True)
class Answer:
    """How much of a question a posting answers, its score and, where a person is compared, the pair."""

    posting: PostingDocument
    level: int
    score: float
    pair: Pair | None

    @classmethod
    def of(cls, asked: Query, posting: PostingDocument, similarity: float, pair: Pair | None) -> Answer:
        """Weigh what a question asks and what a person brings; ``similarity`` is that of the question."""
        fit = None if pair is None else pair.score
        if not asked.asks:
            return cls(posting, 0, fit or 0.0, pair)
        score = blended(asked.relevance(posting, similarity), fit)
        return cls(posting, asked.level(posting, similarity), score, pair)

    def told(self, asked: Query, match: Match | None) -> Match:
        """Tell what a question found, before what the comparison with a person says."""
        match = match or Match(self.posting.id, self.score)
        said = list(term_reasons(asked.terms, self.posting))
        if asked.converts:
            leads_on = self.posting.leads_on
            said.append(Reason("converts" if leads_on else "converts_not", {}, (), leads_on))
        return replace(
            match,
            score=self.score,
            reasons=(*(reason for reason in said if reason.satisfied), *match.reasons),
            missing=(*(reason for reason in said if not reason.satisfied), *match.missing),
        )
