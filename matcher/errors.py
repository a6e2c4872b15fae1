"""What can go wrong in matching, each with the facts that explain it."""

from __future__ import annotations


class MatcherError(Exception):
    """Any refusal of the matcher."""


class StaleSnapshot(MatcherError):
    """A snapshot on disk that does not belong to the engine that opens it."""

    def __init__(self, field: str, *, expected: object, found: object) -> None:
        super().__init__(f"snapshot {field} is {found!r}, expected {expected!r}: build it again")
        self.field = field
        self.expected = expected
        self.found = found


class UnknownEncoder(MatcherError):
    """A model name or folder from which no encoder can be loaded."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"no encoder at {name!r}: {reason}")
        self.name = name
        self.reason = reason


class MissingClient(MatcherError):
    """A package that a setting asks for and nobody installed."""

    def __init__(self, package: str, remedy: str) -> None:
        super().__init__(f"the package {package} is not installed: {remedy}")


class WrongDimension(MatcherError):
    """Vectors of another length than the collection holds."""

    def __init__(self, *, expected: int, found: int) -> None:
        super().__init__(f"vectors have {found} dimensions, expected {expected}")
        self.expected = expected
        self.found = found


class UnreadableCollection(MatcherError):
    """A folder of judged texts in which something is missing or broken."""


class UnusableRanking(MatcherError):
    """A ranking model that cannot be read, or may not serve people."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"排序模型 {name} 不能使用：{reason}。")
        self.name = name
        self.reason = reason


class TooLittleToLearn(MatcherError):
    """Fewer outcomes than a ranking can be learnt from."""

    def __init__(self, *, found: int, good: int, least: int, least_either: int) -> None:
        super().__init__(
            f"只有 {found} 份有答复的投递（通过 {good} 份），"
            f"至少要 {least} 份，通过和未通过各 {least_either} 份："
            "请继续使用现在的模型，积累更多结果后再训练。"
        )


class NoBetter(MatcherError):
    """A newly learnt ranking that foresees later outcomes no better than the present one."""

    def __init__(self, *, new: float, old: float) -> None:
        super().__init__(
            f"新模型在较晚的投递上（AUC {new}）不比现在的模型（AUC {old}）好：现在的模型保持不变。"
        )


class NoDevice(MatcherError):
    """A device for matrix products that this machine does not have."""

    def __init__(self, device: str, reason: str) -> None:
        super().__init__(f"这台机器不能用 {device} 计算（{reason}）：请把 MARKET_DEVICE 设为 cpu。")
        self.device = device
