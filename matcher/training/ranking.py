"""Learn the weights of ranking: monotone logistic regression, calibrated on resumes it has not seen.

Weights are kept from falling below zero (a person expects more of anything good to help). Their sum is then
scaled and shifted (Platt 1999) by what folds over whole resumes predicted for the resumes they did not
see; a scaled and shifted logistic is a logistic again, so the model stays strictly monotone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from matcher.columns import Floats
from matcher.errors import NoBetter, TooLittleToLearn
from matcher.evaluation.measures import mean, measured, ranks
from matcher.lexical import words
from matcher.ranking_model import RankingModel
from matcher.rarity import Rarity
from matcher.scoring import JUDGED, Signals

FOLDS = 6
BINS = 10
LEAST_OUTCOMES, LEAST_EITHER = 500, 50
LATER_SHARE = 0.2
COMMON = 0.02
"""From this share of texts on a word is common enough to be listed."""
RIDGE = 0.0005
"""Pull of each weight towards zero."""
_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Example:
    """The signals of a pair, whose resume it is, and whether the pair was good."""

    resume: str
    signals: Signals
    good: bool


def learn(examples: Sequence[Example], blank: RankingModel, *, learnt: Mapping[str, object]) -> RankingModel:
    """Fit, calibrate and report; the same examples give the same model.

    ``blank`` carries what the signals were made with and what the chance will mean.
    """
    rows, good = _table(examples)
    folds = np.array([_fold(example.resume) for example in examples])
    unseen = np.zeros(len(examples))
    for fold in range(FOLDS):
        intercept, weights = fitted(rows[folds != fold], good[folds != fold])
        unseen[folds == fold] = intercept + rows[folds == fold] @ weights
    shift, [scale] = fitted(unseen[:, None], good, ridge=0.0)
    intercept, weights = fitted(rows, good)
    chances = expit(shift + scale * unseen)
    return replace(
        blank,
        intercept=round(float(shift + scale * intercept), _DECIMALS),
        weights={name: round(float(scale * w), _DECIMALS) for name, w in zip(JUDGED, weights, strict=True)},
        learnt={"pairs": len(examples), "good": int(good.sum()), **learnt},
        figures=quality(chances, good),
        calibration=calibration(chances, good),
    )


def common_words(groups: Iterable[Collection[str]]) -> dict[str, float]:
    """Return the words that many texts of any group use, with the greatest share of texts that do."""
    shares: dict[str, float] = {}
    for texts in groups:
        for word, share in Rarity.of([words(text) for text in texts], 0.0).shares.items():
            shares[word] = max(share, shares.get(word, 0.0))
    return {word: round(share, 3) for word, share in sorted(shares.items()) if share >= COMMON}


def learn_later(
    examples: Sequence[Example], incumbent: RankingModel, *, learnt: Mapping[str, object]
) -> RankingModel:
    """Learn from outcomes in the order of time and keep the model only if it foresees the later ones better.

    The last fifth is never learnt from; on it the new model must tell good from bad better than the present.
    """
    good = sum(example.good for example in examples)
    if len(examples) < LEAST_OUTCOMES or min(good, len(examples) - good) < LEAST_EITHER:
        raise TooLittleToLearn(
            found=len(examples), good=good, least=LEAST_OUTCOMES, least_either=LEAST_EITHER
        )
    border = int(len(examples) * (1 - LATER_SHARE))
    model = learn(examples[:border], replace(incumbent, meaning="outcomes", audit={}), learnt=learnt)
    rows = [asdict(example.signals) for example in examples[border:]]
    later = np.array([example.good for example in examples[border:]], dtype=np.float64)
    new, old = (quality(np.array([one.chance(row) for row in rows]), later) for one in (model, incumbent))
    if new["auc"] <= old["auc"]:
        raise NoBetter(new=new["auc"], old=old["auc"])
    return replace(model, figures={**new, "incumbent_auc": old["auc"], "later": len(later)})


def report(
    model: RankingModel, pairs: Sequence[tuple[str, Signals, int]], *, good_from: int
) -> dict[str, float]:
    """Return how well a model does on graded pairs it was not tuned on, in chances and in order."""
    chances = np.array([model.chance(asdict(signals)) for _, signals, _ in pairs])
    grades = np.array([grade for _, _, grade in pairs])
    resumes = np.array([resume for resume, _, _ in pairs])
    judged = []
    for resume in np.unique(resumes):
        own = resumes == resume
        wanted = grades[own] > 0
        if wanted.any():
            judged.append(measured(ranks(chances[own])[wanted].astype(np.float64), grades[own][wanted]))
    found = quality(chances, (grades >= good_from).astype(np.float64))
    return {"resumes": len(judged), "pairs": len(pairs), **found, "ndcg@10": mean(judged).ndcg_at_10}


def fitted(rows: Floats, good: Floats, *, ridge: float = RIDGE) -> tuple[float, Floats]:
    """Return the intercept and the weights, none below zero, that make the outcomes likeliest."""

    def loss(parameters: Floats) -> tuple[float, Floats]:
        sums = parameters[0] + rows @ parameters[1:]
        error = expit(sums) - good
        pull = ridge * parameters[1:]
        value = np.mean(np.logaddexp(0, sums) - good * sums) + pull @ parameters[1:] / 2
        slope = rows.T @ error / len(good) + pull
        return float(value), np.concatenate(([error.mean()], slope))

    start = np.zeros(rows.shape[1] + 1)
    bounds = [(None, None), *[(0.0, None)] * rows.shape[1]]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2000})
    return float(found.x[0]), np.asarray(found.x[1:])


def quality(chances: Floats, good: Floats) -> dict[str, float]:
    """Return how well chances tell good pairs from others, and how far they are from what they say."""
    from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

    bins = calibration(chances, good)
    gap = sum(row["pairs"] * abs(row["said"] - row["found"]) for row in bins) / len(good)
    return {
        "auc": round(float(roc_auc_score(good, chances)), _DECIMALS),
        "log_loss": round(float(log_loss(good, chances)), _DECIMALS),
        "brier": round(float(brier_score_loss(good, chances)), _DECIMALS),
        "calibration_error": round(gap, _DECIMALS),
    }


def calibration(chances: Floats, good: Floats) -> list[dict[str, float]]:
    """Return for each tenth of the scale how many pairs fell there, what was said and what was found."""
    places = np.minimum((chances * BINS).astype(int), BINS - 1)
    return [
        {
            "from": place / BINS,
            "pairs": int((places == place).sum()),
            "said": round(float(chances[places == place].mean()), _DECIMALS),
            "found": round(float(good[places == place].mean()), _DECIMALS),
        }
        for place in np.unique(places).tolist()
    ]


def _table(examples: Sequence[Example]) -> tuple[Floats, Floats]:
    rows = np.array([[getattr(one.signals, name) for name in JUDGED] for one in examples], dtype=np.float64)
    return rows, np.array([one.good for one in examples], dtype=np.float64)


def _fold(resume: str) -> int:
    return int(hashlib.sha256(f"fold|{resume}".encode()).hexdigest(), 16) % FOLDS
