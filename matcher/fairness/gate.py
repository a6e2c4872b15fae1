"""The gate: what a ranking model must show before it may rank people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from matcher.fairness.counterfactual import Effect
from matcher.fairness.exposure import Share
from matcher.fairness.wordings import HINT, WORDINGS

EPSILON = 0.000_001
"""Largest change of a score, from 0 to 1, that swapping an attribute may cause: one step of its rounding."""
LEAST_OVERLAP = 0.98
FOUR_FIFTHS = 0.8
LEAST_MATERIAL = (400, 200)
"""Resumes and postings below which an audit says too little to pass a model."""


@dataclass(frozen=True)
class Audit:
    """Everything measured about one model; ``passed`` is the gate."""

    resumes: int
    postings: int
    effects: Mapping[str, Effect]
    twins: Mapping[str, Sequence[Share]]
    public_lists: tuple[int, int]
    groups: Mapping[str, Mapping[str, Sequence[Share]]] = field(default_factory=dict)
    least: tuple[int, int] = LEAST_MATERIAL

    @property
    def problems(self) -> list[str]:
        """Say in one sentence each what keeps the model from passing."""
        kept, public = self.public_lists
        return [
            *(
                f"{count} {what} are too few to judge by: at least {least} are needed"
                for count, what, least in zip(
                    (self.resumes, self.postings), ("resumes", "postings"), self.least, strict=True
                )
                if count < least
            ),
            *(problem for name, effect in self._gated.items() for problem in _of_effect(name, effect)),
            *(problem for name, compared in self.twins.items() for problem in _of_twins(name, compared)),
            *(
                [f"{public - kept} of {public} lists of public employers change with the school"]
                * (kept < public)
            ),
        ]

    @property
    def passed(self) -> bool:
        """Say whether the model may rank people."""
        return not self.problems

    @property
    def _gated(self) -> Mapping[str, Effect]:
        return {name: effect for name, effect in self.effects.items() if name != HINT}

    def seal(self) -> dict[str, object]:
        """Return the figures that are kept with the model."""
        return {
            "epsilon": EPSILON,
            "resumes": self.resumes,
            "postings": self.postings,
            "wordings": sum(len(WORDINGS[name]) for name in self._gated),
            "max_change": max((max(one.moves) for one in self._gated.values()), default=None),
            "least_overlap": min((min(one.overlaps) for one in self._gated.values()), default=None),
            "least_ratio": min(
                (share.ratio for compared in self.twins.values() for share in compared if share.ratio),
                default=None,
            ),
            "attributes": {
                name: {key: value for key, value in effect.printable().items() if key != "leaks"}
                for name, effect in self.effects.items()
            },
            "twins": {name: _ratios(compared) for name, compared in self.twins.items()},
            "public_lists_kept": list(self.public_lists),
            "problems": self.problems,
        }

    def printable(self) -> dict[str, object]:
        """Return the whole report."""
        return {
            "passed": self.passed,
            **self.seal(),
            "attributes": {name: effect.printable() for name, effect in self.effects.items()},
            "twins": {name: [asdict(share) for share in compared] for name, compared in self.twins.items()},
            "groups": {
                name: {stratum: [asdict(share) for share in compared] for stratum, compared in strata.items()}
                for name, strata in self.groups.items()
            },
        }


def _of_effect(name: str, effect: Effect) -> Iterable[str]:
    if max(effect.moves) > EPSILON:
        yield f"{name} moves a score by {max(effect.moves)}, more than {EPSILON}"
    if min(effect.overlaps) < LEAST_OVERLAP:
        yield f"{name} changes a list: overlap {min(effect.overlaps)}, less than {LEAST_OVERLAP}"


def _of_twins(name: str, compared: Sequence[Share]) -> Iterable[str]:
    for share in compared:
        if share.ratio is None or share.ratio < FOUR_FIFTHS:
            said = f"{share.group} has an impact ratio of {share.ratio}, less than {FOUR_FIFTHS}"
            yield f"twins by {name}: {said}"


def _ratios(compared: Sequence[Share]) -> dict[str, float | None]:
    return {share.group: share.ratio for share in compared}
