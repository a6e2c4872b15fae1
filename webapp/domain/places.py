"""Words for Wuhan's districts and zones, and the codes they stand for."""

import re
from functools import cache

from webapp.domain.catalogues import districts

CITY_NAME = "武汉"

_NOT_A_CITY = re.compile(r"[路号楼厦街室店层座村]$|[^一-鿿]|招聘")
_CITY_LENGTHS = range(2, 7)


def districts_in(text: str) -> tuple[str, ...]:
    """Return the codes of the districts and zones named in free text, in order, each once."""
    codes, mention = _spellings()
    return tuple(dict.fromkeys(codes[match[0]] for match in mention.finditer(text)))


def district_code(text: str | None) -> str | None:
    """Return the code of the first district or zone named, or ``None``."""
    return next(iter(districts_in(text or "")), None)


def city_name(text: str | None) -> str | None:
    """Return a city without its suffix ("武汉市-洪山区" is "武汉"), ``None`` for a street or a shop."""
    name = re.split(r"[-·/\s]", (text or "").strip(), maxsplit=1)[0].removesuffix("市")
    return name if len(name) in _CITY_LENGTHS and not _NOT_A_CITY.search(name) else None


@cache
def _spellings() -> tuple[dict[str, str], re.Pattern[str]]:
    """Return every spelling with its code, and a pattern that prefers the longest."""
    codes = {
        spelling: district.code
        for district in districts().values()
        for spelling in (district.name, *district.aliases)
    }
    return codes, re.compile("|".join(map(re.escape, sorted(codes, key=len, reverse=True))))
