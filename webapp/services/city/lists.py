"""A social-insurance list of the made-up city: true rows, strangers, other employers, broken numbers."""

from collections.abc import Iterator
from datetime import date

import numpy as np

from webapp.domain.dates import month_of
from webapp.services.city import City
from webapp.services.city import plan as fates
from webapp.services.city.cast import made_name
from webapp.services.city.people import Person
from webapp.services.city.plan import AS_OF

COLUMNS = (
    "姓名", "证件类型", "证件号码", "单位名称", "统一社会信用代码",
    "参保类型", "参保地", "参保起始月", "停保月",
)  # fmt: skip
_EMPLOYEE, _FLEXIBLE, _CITY = "职工", "灵活就业人员", "武汉市"
_STRANGER, _OTHER_EMPLOYER, _BROKEN = 8, 12, 13
"""Of a hundred rows so many are up to: of people not here, of another employer, with a broken number."""


def insurance_list(city: City, *, rows: int, seed: int) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a list, its people in no order the database knows."""
    rng = np.random.default_rng([seed, rows])
    working = np.flatnonzero(
        (city.plan.fate != fates.NOTHING) & (city.plan.started <= fates.number_of(AS_OF))
    )
    chosen = rng.choice(working, size=rows, replace=rows > len(working))
    for index, chance in zip(chosen, rng.integers(0, 100, rows), strict=True):
        yield _row(city, city.person(int(index)), int(chance))


def _row(city: City, person: Person, chance: int) -> tuple[str, ...]:
    number, name, firm = person.identity_number, person.name, person.firm
    if chance < _STRANGER:
        number, name = person.number_of_somebody(older=20), made_name(person.dice + 1)
    elif chance < _OTHER_EMPLOYER:
        firm = city.firms[(int(city.plan.employer[person.index]) + 1) % len(city.firms)]
    elif chance < _BROKEN:
        number = number[:-1] + ("1" if number[-1] != "1" else "2")
    flexible = person.code == "76"
    return (
        name,
        "居民身份证",
        number,
        "" if flexible else firm.name,
        "" if flexible else firm.credit_code,
        _FLEXIBLE if flexible else _EMPLOYEE,
        _CITY,
        month_of(_first_month(person)),
        month_of(person.ended_on) if person.ended_on else "",
    )


def _first_month(person: Person) -> date:
    """Return the first month of work for most, the next for some."""
    first = person.started_on
    late = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1, day=1)
    return late if person.dice % 5 == 0 and late <= (person.ended_on or AS_OF) else first
