"""Every way of searching on every task, with how sure the hybrid's lead is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.columns import Floats
from matcher.documents import Vector
from matcher.encoder import Encoder
from matcher.evaluation.significance import Difference, difference, spearman, spearman_difference
from matcher.evaluation.trial import searched
from matcher.retrieval import Dense, Hybrid, Lexical, Retriever, TfIdf
from matcher.training.tasks import Material, SentencePairs

HYBRID, ENCODER = "hybrid", "encoder"
Build = Callable[[Sequence[str]], Retriever]


class Beginnings:
    """An encoder that reads only the first characters of a text: what a slow peer can afford here."""

    def __init__(self, encoder: Encoder, characters: int) -> None:
        self._encoder, self._characters = encoder, characters
        self.model_id, self.dimension = encoder.model_id, encoder.dimension

    def encode(self, texts: Sequence[str]) -> Vector:
        """Encode the beginnings of texts."""
        return self._encoder.encode([text[: self._characters] for text in texts])


@dataclass(frozen=True, slots=True)
class Row:
    """One task: the figure of each way, and the hybrid's lead over the best peer and over our encoder alone.

    Peers are the ways that are not ours.
    """

    task: str
    measure: str
    queries: int
    documents: int
    figures: Mapping[str, float]
    best_peer: str
    over_peer: Difference
    over_encoder: Difference


def ways(encoder: Encoder, peers: Mapping[str, Encoder]) -> dict[str, Build]:
    """Name the ways of searching; ``peers`` are encoders of others."""
    return {
        ENCODER: lambda documents: Dense(encoder, documents),
        "BM25": Lexical,
        "char TF-IDF": TfIdf,
        "jieba TF-IDF": TfIdf.of_words,
        **{name: _dense(peer) for name, peer in peers.items()},
        HYBRID: lambda documents: Hybrid(encoder, documents),
    }


def compared(task: str, material: Material, every: Mapping[str, Build]) -> Row:
    """Compare all ways: by average precision on a collection, by Spearman's correlation on pairs."""
    if isinstance(material, SentencePairs):
        return _by_correlation(task, material, every)
    documents = list(material.documents.values())
    found = {
        name: np.array([one.map for one in searched(build(documents), material).values()])
        for name, build in every.items()
    }
    figures = {name: float(values.mean()) for name, values in found.items()}
    best = _best_peer(figures)
    leads = [difference(found[HYBRID], found[other]) for other in (best, ENCODER)]
    return Row(task, "MAP", len(material.queries), len(material.documents), figures, best, *leads)


def _by_correlation(task: str, pairs: SentencePairs, every: Mapping[str, Build]) -> Row:
    judged = np.array(pairs.similarity)
    found = {name: _similarities(build(pairs.seconds), pairs.firsts) for name, build in every.items()}
    figures = {name: spearman(values, judged) for name, values in found.items()}
    best = _best_peer(figures)
    leads = [spearman_difference(found[HYBRID], found[other], judged) for other in (best, ENCODER)]
    return Row(task, "Spearman", len(pairs.firsts), len(pairs.seconds), figures, best, *leads)


def _best_peer(figures: Mapping[str, float]) -> str:
    return max((name for name in figures if name not in {HYBRID, ENCODER}), key=lambda name: figures[name])


def _similarities(retriever: Retriever, firsts: Sequence[str]) -> Floats:
    """Score each first text against its own second one."""
    if isinstance(retriever, Hybrid):
        return np.diagonal(retriever.alike(firsts))
    return np.asarray(np.diagonal(retriever.scores(firsts)), dtype=np.float64)


def _dense(encoder: Encoder) -> Build:
    return lambda documents: Dense(encoder, documents)
