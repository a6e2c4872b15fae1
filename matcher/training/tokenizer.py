"""A word tokenizer that lives wholly inside tokenizer.json.

The words that rjieba finds in the corpus and the skill vocabulary become a unigram model with
their log frequencies, so its best path cuts text much as rjieba would, and any sentence-transformers
installation can read raw text without our code.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import rjieba
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

UNKNOWN = "[UNK]"
LONGEST = 8
_ODD = Regex(r"[^\p{Han}a-z0-9+#.]+")
_LATIN = Regex(r"[a-z0-9+#.]+")


def build(texts: Iterable[str], terms: Sequence[str], size: int) -> Tokenizer:
    """Make a tokenizer of the most frequent words, all single characters and the given terms."""
    words, characters = _counts(texts)
    chosen = dict(characters.most_common(size // 4))
    for term in terms:
        folded = folded_term(term)
        if len(folded) <= LONGEST * 2 and " " not in folded:
            chosen[folded] = max(words[folded], 500)
    for word, count in words.most_common():
        if len(chosen) >= size - 1:
            break
        chosen.setdefault(word, count)
    total = sum(chosen.values())
    pieces = [(UNKNOWN, -20.0)]
    pieces += [(w, math.log(n / total)) for w, n in sorted(chosen.items(), key=lambda x: (-x[1], x[0]))]
    return _assembled(pieces)


def folded_term(text: str) -> str:
    """Fold width and case as the tokenizer does."""
    return unicodedata.normalize("NFKC", text).lower()


def _counts(texts: Iterable[str]) -> tuple[Counter[str], Counter[str]]:
    words: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    for text in texts:
        folded = folded_term(text)
        characters.update(c for c in folded if c.isalnum() or c in "+#.")
        cut = (word.strip() for word in rjieba.cut(folded))
        words.update(w for w in cut if 1 < len(w) <= LONGEST * 2 and w[0].isalnum())
    return words, characters


def _assembled(pieces: list[tuple[str, float]]) -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(_ODD, behavior="removed"),
            pre_tokenizers.Split(_LATIN, behavior="isolated"),
        ]
    )
    return tokenizer
