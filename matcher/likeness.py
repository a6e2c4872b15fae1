"""The words that make two texts alike: telling ones both say, and those that bring their vectors together.

A static encoder's vector is the sum of its tokens' vectors. Leaving one token out gives the cosine
that the texts would have without it, exactly; the words whose loss costs most are cited.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from matcher.documents import Span, Vector
from matcher.encoder import Encoder
from matcher.evidence import literal
from matcher.scoring import Pair
from matcher.text import prepared, read_text

CITED = 3
SIMILAR = 0.35
LEAST_LOSS = 0.004
FEW = 2
"""A word said more often is what the text is about; losing one mention of it changes nothing."""
_POSTING_FIELDS = ("title", "duties", "requirements")
_TELLING = re.compile(r"[^\W\d_]{2,}")
_COMMONPLACE = frozenset(
    re.findall(
        r"\w+",
        """
        实习 实习生 在校 校园 学生 大学 大学生 学院 专业 主修 毕业 毕业生 毕业论文 担任 负责 参与 经验 经历
        工作 公司 公司的 教育 邮箱 优秀 本科 专科 研究生 硕士 博士 课程 项目 能力 相关 熟悉 以上 学历 优先
        岗位 要求 以及 进行 完成 独立 协助
        """,
    )
)
"""Words of every resume or posting: they make texts alike, but say nothing to a reader."""


@runtime_checkable
class TokenEncoder(Protocol):
    """An encoder whose vectors are sums over tokens."""

    def tokens(self, text: str) -> tuple[Sequence[tuple[int, int]], Vector]:
        """Return where each token of a text stands and the vector it adds."""


def alike(encoder: Encoder, pair: Pair) -> tuple[Span, ...]:
    """Cite the words that make the texts alike: telling ones both say, then those nearest in meaning."""
    said = tuple(_shared(pair))
    if not isinstance(encoder, TokenEncoder) or pair.signals.meaning < SIMILAR:
        return said
    resume, posting = pair.resume, pair.posting
    one, other = (encoder.tokens(prepared(document))[1].sum(axis=0) for document in (resume, posting))
    own = _cited(encoder, pair, "resume", one, other)
    theirs = _cited(encoder, pair, "posting", other, one)
    return tuple(dict.fromkeys((*said, *own, *theirs))) if own and theirs else said


def _shared(pair: Pair) -> Iterator[Span]:
    own, theirs = pair.person.words, pair.offer.words
    skills = " ".join(one.term.lower() for one in pair.skills if one.shown)
    weighed = sorted(
        ((own[word] * theirs[word], word) for word in own.keys() & theirs.keys() if _tells(word)),
        key=lambda one: (-one[0], one[1]),
    )
    cited: list[str] = []
    for _, word in weighed:
        if len(cited) < CITED and word not in skills and not any(word in longer for longer in cited):
            resume = literal("resume", pair.resume, "text", word)
            posting = [s for field in _POSTING_FIELDS for s in literal("posting", pair.posting, field, word)]
            if 0 < len(resume) <= FEW and 0 < len(posting) <= FEW:
                cited.append(word)
                yield from (*resume, *posting)


def _cited(
    encoder: TokenEncoder, pair: Pair, source: Literal["resume", "posting"], own: Vector, other: Vector
) -> list[Span]:
    document = pair.resume if source == "resume" else pair.posting
    common = pair.model.common_words
    losses: dict[str, tuple[float, Span]] = {}
    for field in ("text",) if source == "resume" else _POSTING_FIELDS:
        text = read_text(document, field)
        places, vectors = encoder.tokens(text)
        for (start, end), loss in zip(places, _losses(vectors, own, other), strict=True):
            word = text[start:end].strip()
            if loss >= LEAST_LOSS and _tells(word) and word not in losses and word not in common:
                losses[word] = float(loss), Span(source, field, start, end)
    best = sorted(losses.values(), key=lambda found: (-found[0], found[1].start))
    return [span for _, span in best[:CITED]]


def _tells(word: str) -> bool:
    return _TELLING.fullmatch(word) is not None and word not in _COMMONPLACE


def _losses(tokens: Vector, own: Vector, other: Vector) -> npt.NDArray[np.floating]:
    """Return by how much the cosine of two sums falls when each token is left out of the first."""
    towards = other / (np.linalg.norm(other) or 1.0)
    whole = own @ towards / (np.linalg.norm(own) or 1.0)
    rest = own - tokens
    lengths = np.linalg.norm(rest, axis=1)
    return np.asarray(whole - rest @ towards / np.where(lengths > 0, lengths, 1.0))
