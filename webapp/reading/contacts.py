"""Ways to reach a person in free text: found in a resume, hidden in a posting (DOMAIN 7.1 A6)."""

import re

MASK = "***"

_DIGITS = str.maketrans(
    "０１２３４５６７８９〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖幺①②③④⑤⑥⑦⑧⑨＠．－＋：",
    "0123456789001234567891234567891123456789@.-+:",
)
_GAP = r"[\s.\-·_*]{0,2}"
_MOBILE = re.compile(rf"(?<![\d])(?:(?:\+|00)?86{_GAP})?(1{_GAP}[3-9](?:{_GAP}\d){{9}})(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(?:0\d{2,3}[-\s]\d{7,8}(?:-\d{1,6})?|[48]00[-\s]?\d{3,4}[-\s]?\d{3,4})(?!\d)")
_EMAIL = re.compile(r"[A-Za-z0-9][\w.+-]*\s?@\s?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.ASCII)
_CHAT = re.compile(
    r"(?:微信|[vV]信|薇信|威信|加[vV]|\b[vV][xX]\b|\b[wW][xX]\b|we\s?chat|weixin|扣扣|企鹅号?|\bqq\b|qq群)"
    r"[\s号群]{0,3}(?:[:是为]\s{0,2}(?P<named>[A-Za-z0-9_-]{5,20})|\s{0,2}(?P<numbered>[A-Za-z_-]{0,8}\d{5,11}))",
    re.IGNORECASE,
)


def find_mobile(text: str) -> str | None:
    """Return the first mobile number as eleven digits."""
    match = _MOBILE.search(_plain(text))
    return re.sub(r"\D", "", match[1]) if match else None


def find_email(text: str) -> str | None:
    """Return the first e-mail address in lower case."""
    match = _EMAIL.search(_plain(text))
    return re.sub(r"\s", "", match[0]).lower() if match else None


def mask_contacts(text: str) -> str:
    """Return text with phones, e-mail addresses, WeChat and QQ numbers hidden, however they are spelt."""
    plain = _plain(text)
    spans = [
        match.span() for pattern in (_CHAT, _EMAIL, _MOBILE, _LANDLINE) for match in pattern.finditer(plain)
    ]
    kept, at = [], 0
    for start, end in sorted(spans):
        if start >= at:
            kept += [text[at:start], MASK]
        at = max(at, end)
    return "".join([*kept, text[at:]])


def _plain(text: str) -> str:
    """Spell digits and signs in one way, each character for one, so that places stay the same."""
    return text.translate(_DIGITS)
