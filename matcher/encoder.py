"""Texts to unit vectors: a light loader for static models and any sentence-transformers model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matcher.documents import Vector
from matcher.errors import UnknownEncoder
from matcher.tokens import LongestMatch

BATCH = 1024
Cut = Callable[[Sequence[str]], list[list[int]]]
_STATIC_MODULES = ("StaticEmbedding", "Normalize")


class Encoder(Protocol):
    """Anything that turns texts into unit vectors of a fixed length."""

    @property
    def model_id(self) -> str:
        """Name the weights: equal ids mean comparable vectors."""

    @property
    def dimension(self) -> int:
        """Count the numbers in a vector."""

    def encode(self, texts: Sequence[str]) -> Vector:
        """Return one unit vector a text; a text without a known word gives zeros."""


class StaticEncoder:
    """A static sentence-transformers folder served without torch."""

    def __init__(self, weights: npt.NDArray[np.generic], cut: Cut, model_id: str) -> None:
        self._weights = np.asarray(weights, dtype=np.float32)
        self._cut = cut
        self.model_id = model_id
        self.dimension = int(self._weights.shape[1])

    @classmethod
    def load(cls, folder: Path) -> StaticEncoder:
        """Open a folder made of StaticEmbedding and Normalize, in a fraction of a second."""
        from safetensors.numpy import load_file

        if not is_static(folder):
            raise UnknownEncoder(str(folder), "not a static sentence-transformers model")
        inner = _static_folder(folder)
        weights = load_file(inner / "model.safetensors")["embedding.weight"]
        return cls(weights, _cut(inner / "tokenizer.json"), folder_digest(folder))

    def encode(self, texts: Sequence[str]) -> Vector:
        """Average the token vectors of each text and scale to length one."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), BATCH):
            tokens = self._cut(texts[start : start + BATCH])
            vectors[start : start + len(tokens)] = self._sums(tokens)
        return normalised(vectors)

    def sums(self, texts: Sequence[str]) -> Vector:
        """Return the sums of token vectors whose directions ``encode`` gives: parts add up to the whole."""
        return self._sums(self._cut(list(texts)))

    def _sums(self, tokens: Sequence[Sequence[int]]) -> Vector:
        """Sum each text's rows of the table: a sparse product touches no row twice."""
        bounds = np.cumsum([0, *map(len, tokens)])
        columns = np.fromiter(chain.from_iterable(tokens), np.int32, bounds[-1])
        ones = np.ones(bounds[-1], dtype=np.float32)
        shape = (len(tokens), len(self._weights))
        return np.asarray(sparse.csr_array((ones, columns, bounds), shape=shape) @ self._weights)


class SentenceEncoder:
    """Any sentence-transformers model, by folder or by name."""

    def __init__(self, name_or_folder: str) -> None:
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(name_or_folder, device="cpu")
        except (OSError, ValueError) as error:
            raise UnknownEncoder(name_or_folder, str(error)) from error
        folder = Path(name_or_folder)
        self.model_id = folder_digest(folder) if folder.is_dir() else _weights_digest(self._model)
        self.dimension = int(self._model.get_embedding_dimension())

    def encode(self, texts: Sequence[str]) -> Vector:
        """Encode with the model's own pooling and scale to length one; the mean of no words is zeros."""
        vectors = self._model.encode(list(texts), batch_size=64, show_progress_bar=False)
        return normalised(np.nan_to_num(np.asarray(vectors, dtype=np.float32)).reshape(-1, self.dimension))


def load_encoder(name_or_folder: str | Path) -> Encoder:
    """Open the lightest encoder that can serve a model."""
    if is_static(Path(name_or_folder)):
        return StaticEncoder.load(Path(name_or_folder))
    return SentenceEncoder(str(name_or_folder))


def is_static(folder: Path) -> bool:
    """Tell whether a folder holds nothing but an embedding table and a normalisation."""
    modules = folder / "modules.json"
    if not modules.is_file():
        return False
    kinds = [module["type"].rpartition(".")[2] for module in json.loads(modules.read_text("utf-8"))]
    return kinds[:1] == ["StaticEmbedding"] and all(kind in _STATIC_MODULES for kind in kinds)


def _cut(tokenizer: Path) -> Cut:
    """Make the fastest cut that gives the tokens of ``tokenizer.json``."""
    longest = LongestMatch.from_file(tokenizer)
    if longest:
        return lambda texts: [longest(text) for text in texts]

    from tokenizers import Tokenizer

    general = Tokenizer.from_file(str(tokenizer))
    general.no_padding()
    return lambda texts: [
        found.ids for found in general.encode_batch_fast(list(texts), add_special_tokens=False)
    ]


def normalised(vectors: Vector) -> Vector:
    """Scale rows to length one; rows of zeros stay zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def as_stored(vectors: Vector) -> Vector:
    """Round to the half precision in which vectors are stored, so that all copies agree."""
    return vectors.astype(np.float16).astype(np.float32)


def folder_digest(folder: Path) -> str:
    """Name a model folder by its weights and tokenizer."""
    digest = hashlib.sha256()
    files = sorted(
        path for path in folder.rglob("*") if path.suffix == ".safetensors" or path.name == "tokenizer.json"
    )
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _static_folder(folder: Path) -> Path:
    modules = json.loads((folder / "modules.json").read_text("utf-8"))
    return folder / str(modules[0]["path"])


def _weights_digest(model: object) -> str:
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):  # type: ignore[attr-defined]
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().float().numpy().tobytes())
    return digest.hexdigest()[:16]
