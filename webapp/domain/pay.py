"""Pay as people write it, read as whole yuan a month before tax."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from webapp.domain.words import N_

PAID_DAYS = Decimal("21.75")
"""Days a month that are paid (劳社部发〔2008〕3号); a day has eight hours."""

PERIODS = {
    "月": Decimal(1),
    "年": Decimal(1) / 12,
    "周": Decimal(52) / 12,
    "天": PAID_DAYS,
    "日": PAID_DAYS,
    "时": PAID_DAYS * 8,
}
"""Factor from a stated period to a month."""

UNITS = {
    "万": Decimal(10_000),
    "w": Decimal(10_000),
    "千": Decimal(1_000),
    "k": Decimal(1_000),
    "": Decimal(1),
}
YEARLY_FROM = 4
"""Without a period, "18-36万" is a year's pay: as a month's, 40,000 yuan would be its least."""

LEAST_BARE = 1_000
"""A number with neither unit nor period is pay only if it can be a month's."""

MOST = 10_000_000
YEAR = 12
MONTHS = range(YEAR, 25)

_AMOUNT = r"(?<![\d.])(\d{1,8}(?:\.\d{1,4})?)(?![\d.])(万|w|千|k)?元?"
_PAY = re.compile(
    r"(?:(?P<ahead>[月年周天日时])薪|每(?P<each>[月年周天日]|小时))?\D{0,2}?"
    rf"{_AMOUNT}(?:-{_AMOUNT})?(?P<bound>以上|以下|以内|起)?"
    r"(?:[/每]?(?P<period>个?月|年|周|天|日|小?时|h\b))?(?P<bound_after>以上|以下|以内|起)?(?P<rest>.?)"
)
_MONTHS = re.compile(r"[·x*×]?\s*(\d{2})(?:-\d{2})?\s*薪")
_COUNTED = frozenset("届号人名年")
_FOREIGN = re.compile(r"[$€£]|美元|美金|港币|港元|欧元|日元|usd|hkd")
_DASHES = re.compile(r"\s*(?:[-–—―~至到])+\s*")
_GAPS = re.compile(r"\s*([/·]|(?<=[\d\s])[万wk千元](?![a-z]))\s*")
_COMMAS = re.compile(r"(?<=\d),(?=\d{3})")


@dataclass(frozen=True)
class Pay:
    """A month's pay before tax from ``low`` to ``high`` yuan, ``months`` times a year."""

    low: int
    high: int
    months: int
    original: str


def parse_pay(text: str | None) -> Pay | None:
    """Read pay from free text; ``None`` where no monthly lower bound is stated.

    Days count 21.75 to a month and hours eight to a day. "6000以上" has equal bounds; "35k以下"
    promises nothing and is ``None``, like "面议" and other currencies.
    """
    original = (text or "").strip()
    plain = _normalised(original)
    if _FOREIGN.search(plain):
        return None
    months = next((int(n) for n in _MONTHS.findall(plain) if int(n) in MONTHS), YEAR)
    plain = _MONTHS.sub(" ", plain)
    bounds = next((found for match in _PAY.finditer(plain) if (found := _monthly(match))), None)
    return Pay(*bounds, months, original) if bounds else None


def format_pay(
    low: int | None, high: int | None, months: int, *, translate: Callable[[str], str] = str
) -> str:
    """Write pay as a page shows it: ``8,000–11,000 元/月 · 14薪``, by its one bound, or as ``面议``."""
    bounds = [f"{bound:,}" for bound in (low, high) if bound is not None]
    if not bounds:
        return translate(N_("面议"))
    amount = "–".join(dict.fromkeys(bounds))
    if months == YEAR:
        return translate(N_("%(amount)s 元/月")) % {"amount": amount}
    return translate(N_("%(amount)s 元/月 · %(months)d薪")) % {"amount": amount, "months": months}


def _normalised(text: str) -> str:
    """Bring full-width forms, dashes, commas, spaces and letters into one shape."""
    plain = unicodedata.normalize("NFKC", text[:200]).lower()
    plain = _COMMAS.sub("", _DASHES.sub("-", plain)).replace("块", "元")
    return _GAPS.sub(r"\1", plain.replace("人民币", "").replace("税前", ""))


def _monthly(match: re.Match[str]) -> tuple[int, int] | None:
    """Return the two bounds of one mention of pay, or ``None`` if it is not pay."""
    first, first_unit, second, second_unit = (part or "" for part in match.group(3, 4, 5, 6))
    period = _period(match)
    if {match["bound"], match["bound_after"]} & {"以下", "以内"} or match["rest"] == "/":
        return None
    low, high = _amounts(first, first_unit, second, second_unit)
    bare = not (first_unit or second_unit or period)
    if bare and (low < LEAST_BARE or match["rest"] in _COUNTED):
        return None
    if second_unit in {"万", "w"} and not first_unit + period and YEARLY_FROM <= Decimal(first) < LEAST_BARE:
        period = "年"
    factor = PERIODS[period or "月"]
    least, most = sorted(int((bound * factor).to_integral_value(ROUND_HALF_UP)) for bound in (low, high))
    return (least, most) if least > 0 and most <= MOST else None


def _period(match: re.Match[str]) -> str:
    """Return the stated period as a key of ``PERIODS``, or an empty string."""
    stated = match["period"] or match["each"] or match["ahead"] or ""
    return "时" if stated == "h" else stated[-1:]


def _amounts(first: str, first_unit: str, second: str, second_unit: str) -> tuple[Decimal, Decimal]:
    """Return both bounds in yuan; one without unit borrows the other's where that keeps order."""
    low = Decimal(first) * UNITS[first_unit]
    if not second:
        return low, low
    high = Decimal(second) * UNITS[second_unit]
    if not first_unit and second_unit and low * UNITS[second_unit] <= high:
        low *= UNITS[second_unit]
    if first_unit and not second_unit and high < low:
        high *= UNITS[first_unit]
    return low, high
