"""Identity numbers in text: a resume needs none, so none is kept."""

import re

_NUMBER = re.compile(
    r"(?<![\dXx])([1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx])(?![\dXx])"
)
MASK = "****************"


def without_identity_numbers(text: str) -> str:
    """Return text with every 18-digit identity number masked but for its last two characters."""
    return _NUMBER.sub(lambda match: MASK + match[0][-2:], text)
