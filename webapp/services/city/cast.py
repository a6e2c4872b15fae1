"""The city's employers, schools and officers: real catalogues, made-up names that say so."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from webapp.domain.catalogues import institutions, majors
from webapp.domain.clusters import clusters
from webapp.domain.degrees import Degree
from webapp.domain.employers import EmployerKind, EmployerStatus
from webapp.domain.identifiers import credit_code_digit
from webapp.domain.programme import unit_of, units
from webapp.domain.roles import Role, Scope
from webapp.models import Employer, Officer, User
from webapp.services.city.bulk import Bulk, Row

ORIGIN = "city"
MARK = "合成"
"""Every made-up name begins with it."""
FOUNDED_AT = datetime(2021, 1, 4, 1, 0, tzinfo=UTC)
UNUSABLE = "!"
"""No password has this as its hash: nobody logs in as a made-up person."""

_OF_A_UNIT, _OF_THE_CITY = 3, 4
_SURNAMES = "王李张刘陈杨黄赵周吴徐孙马胡朱郭何罗高林"
_GIVEN = "伟芳娜敏静磊强洋艳勇军杰娟涛明超秀霞平刚桂英华文辉建玉兰宇晨子涵雨欣浩然思远嘉怡梓轩"
_TRADES = (
    "光电",
    "汽车零部件",
    "生物医药",
    "装备制造",
    "建筑工程",
    "商贸物流",
    "金融服务",
    "环保",
    "文旅",
    "网络信息",
)
_PLACES = {
    "WH-DHGX": 0.26, "WH-JKQ": 0.12, "420106": 0.09, "420111": 0.09, "420103": 0.07, "420102": 0.07,
    "420112": 0.06, "420105": 0.05, "420104": 0.04, "420107": 0.04, "420115": 0.03, "420116": 0.03,
    "420117": 0.02, "420114": 0.015, "WH-CJXQ": 0.01, "420113": 0.005, "WH-DHFJ": 0.005,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Office:
    """The officers by the unit they verify for, and those of the city."""

    by_unit: Mapping[str, Sequence[int]]
    city: Sequence[int]

    @property
    def size(self) -> int:
        """Return how many officers there are."""
        return sum(len(team) for team in self.by_unit.values()) + len(self.city)


@dataclass(frozen=True, slots=True)
class Firm:
    """As much of an employer as its people's rows need."""

    name: str
    credit_code: str
    place: str
    cluster: str | None


def draw_office() -> Office:
    """Name three officers for every unit and some for the city, by the numbers of their logins."""
    numbers = itertools.count(1)
    by_unit = {code: list(itertools.islice(numbers, _OF_A_UNIT)) for code in units()}
    return Office(by_unit, list(itertools.islice(numbers, _OF_THE_CITY)))


def write_officers(bulk: Bulk, office: Office) -> None:
    """Write the officers; nobody can log in as one of them."""
    posts: list[tuple[int, Scope, str | None]] = [
        (number, Scope.UNIT, code) for code, team in office.by_unit.items() for number in team
    ]
    posts += [(number, Scope.CITY, None) for number in office.city]
    bulk.write(User, [_user(number, Role.OFFICER, f"{MARK}·核验员{number:02}") for number, *_post in posts])
    bulk.write(
        Officer,
        [
            {"id": number, "user_id": number, "scope": scope, "unit": unit, "created_at": FOUNDED_AT}
            for number, scope, unit in posts
        ],
    )


def draw_firms(count: int, seed: int, on: date) -> list[Firm]:
    """Draw employers; the first are the largest."""
    rng = np.random.default_rng([seed, count])
    places = rng.choice(
        list(_PLACES), size=count, p=np.asarray(list(_PLACES.values())) / sum(_PLACES.values())
    )
    trades = rng.integers(0, len(_TRADES), count)
    listed = [*clusters(on), None]
    branches = rng.choice(len(listed), size=count, p=_uneven(len(listed)))
    return [
        Firm(
            name=f"{MARK}{_TRADES[trade]}有限公司{number:05}",
            credit_code=made_code(number),
            place=str(place),
            cluster=listed[branch],
        )
        for number, (place, trade, branch) in enumerate(zip(places, trades, branches, strict=True), start=1)
    ]


def write_firms(bulk: Bulk, firms: Sequence[Firm], office: Office, on: date) -> None:
    """Write the employers, verified by their unit's first officer."""
    bulk.write(Employer, list(_employers(firms, office, on)))


def made_code(number: int) -> str:
    """Return an employer's credit code: valid, of an area that issues none."""
    body = f"91420101{number:08}X"
    return body + credit_code_digit(body)


def made_name(dice: int) -> str:
    """Return a person's name from a draw."""
    first, second = _GIVEN[dice // 20 % len(_GIVEN)], _GIVEN[dice // 1_000 % len(_GIVEN)]
    return f"{MARK}·{_SURNAMES[dice % 20]}{first}{second if dice // 50_000 % 5 else ''}"


@cache
def schools(degree: Degree) -> Sequence[str]:
    """Return the codes of Wuhan's institutions that award a degree."""
    level = "专科" if degree is Degree.ASSOCIATE else "本科"
    return [one.code for one in institutions().values() if one.city == "武汉市" and one.level == level]


@cache
def fields_of(degree: Degree) -> Sequence[str]:
    """Return the names of the majors of a degree."""
    level = Degree.MASTER if degree is Degree.DOCTOR else degree
    return [one.name for one in majors() if one.level == level.value]


def _uneven(size: int) -> NDArray[np.float64]:
    share = 1.0 / np.arange(2, size + 2)
    return share / share.sum()


def _employers(firms: Sequence[Firm], office: Office, on: date) -> Iterator[Row]:
    for number, firm in enumerate(firms, start=1):
        unit = unit_of(firm.place, on)
        yield {
            "id": number,
            "name": firm.name,
            "credit_code": firm.credit_code,
            "kind": EmployerKind.COMPANY,
            "status": EmployerStatus.APPROVED,
            "cluster": firm.cluster,
            "district": firm.place,
            "address": f"{MARK}大道 {number} 号",
            "verified_on": on,
            "verified_by_id": office.by_unit[unit or "420102"][0],
            "verified_until_on": on + timedelta(days=180),
            "origin": ORIGIN,
            "created_at": FOUNDED_AT,
        }


def _user(number: int, role: Role, name: str) -> Row:
    return {
        "id": number,
        "role": role,
        "name": name,
        "email": f"{role.value}{number:07}@city.example.com",
        "password_hash": UNUSABLE,
        "is_active": True,
        "session_version": 1,
        "created_at": FOUNDED_AT,
    }
