"""The learnt part of ranking: from what speaks for a pair to the chance that it is worth applying.

Logistic regression with weights that are never negative, so that more of anything good never lowers
a chance, fitted so that of the pairs given 80 % four in five were judged worth applying for. The
file that holds it says what it was learnt from, how well it does, and carries the seal of the
fairness audit: a model without one, or changed since, is refused.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from matcher.errors import UnusableRanking
from matcher.text import TEXT_VERSION

FORMAT = 1


@dataclass(frozen=True, slots=True)
class RankingModel:
    """Weights of the judged signals, what they were learnt from, and the audit they passed.

    ``common_words`` gives the share of texts that use each common word: sharing those says little.
    ``encoder`` names the weights whose cosines it learnt; ``meaning`` says what its chance is the share of:
    ``judged`` pairs found worth applying for, or ``outcomes``: applications an employer took up.
    """

    intercept: float
    weights: Mapping[str, float]
    common_words: Mapping[str, float] = field(default_factory=dict)
    encoder: str = ""
    meaning: str = "judged"
    learnt: Mapping[str, Any] = field(default_factory=dict)
    figures: Mapping[str, Any] = field(default_factory=dict)
    calibration: Sequence[Mapping[str, float]] = field(default_factory=list)
    audit: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> RankingModel:
        """Read a file without asking for its seal: for those who train, evaluate and audit."""
        try:
            content = json.loads(path.read_text("utf-8"))
            if content.pop("format") != FORMAT:
                raise UnusableRanking(path.name, f"格式不是第 {FORMAT} 版：请用 train-ranking 重新训练")
            return cls(**content)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UnusableRanking(path.name, f"读不出来（{error}）：请用 train-ranking 重新训练") from error

    @classmethod
    def load(cls, path: Path) -> RankingModel:
        """Read a file that may serve people: audited since it or the rules of texts changed, and passed.

        The audit ran with the encoder whose cosines the model learnt. Where another one runs
        (``MATCHER_ENCODER``) the model still orders, but neither the audit nor its chances were measured
        with that one, and no chance is shown.
        """
        model = cls.read(path)
        if model.audit.get("weights") != model.digest:
            raise UnusableRanking(path.name, "没有公平性审计的记录，或审计之后改动过：请运行 audit-fairness")
        if model.audit.get("passed") is not True:
            raise UnusableRanking(path.name, "公平性审计没有通过：请换回上一个通过的模型")
        if (model.audit.get("encoder"), model.audit.get("text")) != (model.encoder, TEXT_VERSION):
            raise UnusableRanking(
                path.name, "公平性审计时用的是别的编码器或文本规则：请重新运行 audit-fairness"
            )
        return model

    def save(self, path: Path) -> None:
        """Write the file, audit included."""
        content = {"format": FORMAT, **asdict(self)}
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")

    @property
    def digest(self) -> str:
        """Name everything but the audit; the audit's seal repeats it."""
        content = {name: value for name, value in asdict(self).items() if name != "audit"}
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]

    def audited(self, *, passed: bool, **report: Any) -> RankingModel:
        """Return the model with the seal of an audit of exactly these weights."""
        return replace(self, audit={"weights": self.digest, "passed": passed, **report})

    def chance(self, signals: Mapping[str, float]) -> float:
        """Return the chance, from 0 to 1, that a pair with these signals is worth applying for."""
        total = self.intercept + math.fsum(weight * signals[name] for name, weight in self.weights.items())
        return (1 + math.tanh(total / 2)) / 2
