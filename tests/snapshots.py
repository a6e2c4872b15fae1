"""A made-up snapshot with large and small cells, for tests of what is written from one."""

import itertools
import random
from collections import Counter
from collections.abc import Iterable

from webapp.domain.definitions import standard
from webapp.domain.programme import units
from webapp.queries.reports.posts import FIGURES
from webapp.reports.snapshot import Snapshot

DEGREES = ("associate", "bachelor", "master", "doctor")
CLUSTERS = (None, "ai", "health", "automotive", "deep")
SCHOOLS = {
    "4142010486": ("武汉大学", "湖北省"),
    "4131010246": ("复旦大学", "上海市"),
    "4132010289": ("江苏科技大学", "江苏省"),
}


def make_content(seed: int = 1, people: int = 900, least: int = 10) -> dict:
    """The content of a snapshot of invented people; small cells are many."""
    dice = random.Random(seed)
    crowd = [_person(dice) for _ in range(people)]
    counted = [one for one in crowd if one["stage"] in {"A", "B", "C"}]
    tables = {
        "counted_by_unit_grade": _table(counted, "unit", "grade"),
        "counted_by_degree_grade": _table(counted, "degree", "grade"),
        "counted_by_outcome_code_grade": _table(counted, "outcome_code", "grade"),
        "counted_by_graduated_in_grade": _table(counted, "year", "grade"),
        "counted_by_cluster_degree": _table(counted, "cluster", "degree"),
        "counted_by_institution_code_degree": _table(counted, "institution_code", "degree"),
        "counted_by_attributed_month": _table(counted, "attributed_month"),
        "graduates_by_year_stage": _table(crowd, "year", "stage"),
        "graduates_by_degree_stage": _table(crowd, "degree", "stage"),
        "graduates_by_institution_code_stage": _table(crowd, "institution_code", "stage"),
        "follow_ups": _table(counted[: people // 3], "unit", "months", "result"),
        "waiting_by_unit": _table((one for one in crowd if one["stage"] == "claimed"), "unit"),
        "days_to_work": _rows(("degree", "people", "p25", "p50", "p75"), _days(counted)),
        **{f"pay_by_{by}": _pay(counted[3:], by) for by in ("industry", "ownership", "degree", "cluster")},
        **_posts(dice),
        "indicators": _rows(
            ("id", "name", "measure", "target", "actual", "plan", "gap", "status"),
            [
                [
                    "retained",
                    "高校毕业生留汉就业创业",
                    "人",
                    100_000,
                    len(counted),
                    800,
                    len(counted) - 800,
                    "watch",
                ]
            ],
        ),
        "reported": _rows(
            ("indicator", "label", "value", "measure", "status", "source"),
            [["retained", "2025年", 313_000, "人", "unverified", "报道"]],
        ),
        "targets_by_unit": _rows(("unit", "target"), [["420106", 60], ["WH-DHGX", 300]]),
    }
    chosen = standard()
    return {
        "format": 1,
        "as_of": "2026-11-20",
        "period": {"id": "P15", "name": "“十五五”时期（2026—2030年）", "status": "open"},
        "definition": {"id": chosen.id, "name": chosen.name, "says": chosen.says, "digest": chosen.digest},
        "ruleset": {"id": "RS-2026.1", "least": least},
        "ledger": {"seq": len(counted), "hash": "ab" * 32},
        "followed_until": "2026-11-19",
        "indices": "cd" * 32,
        "names": {
            "unit": {code: unit.name for code, unit in units().items()},
            "cluster": {
                "ai": "人工智能",
                "health": "大健康和生物技术",
                "automotive": "汽车",
                "deep": "深地深海",
            },
            "outcome_code": {"11": "签劳动合同形式就业", "75": "自主创业", "51": "地方基层项目"},
            "institution_code": {code: name for code, (name, _place) in SCHOOLS.items()},
            "province": {code: place for code, (_name, place) in SCHOOLS.items()},
            "occupation": {"2-02-38-01": "人工智能工程技术人员", "2-05-01-01": "临床医师"},
        },
        "tables": tables,
    }


def make_snapshot(seed: int = 1, **changes: int) -> Snapshot:
    """A snapshot of that content."""
    return Snapshot(f"{seed:016x}", make_content(seed, **changes))


def _person(dice: random.Random) -> dict:
    stage = dice.choices(["A", "B", "C", "claimed", "none", "earlier"], [25, 40, 3, 12, 15, 5])[0]
    places = list(units())
    return {
        "stage": stage,
        "grade": stage,
        "unit": dice.choices(places, [2 ** (len(places) - number) for number in range(len(places))])[0],
        "degree": dice.choices(DEGREES, [30, 50, 18, 2])[0],
        "outcome_code": dice.choices(["11", "75", "51"], [90, 7, 3])[0],
        "cluster": dice.choices(CLUSTERS, [20, 40, 25, 12, 3])[0],
        "institution_code": dice.choices(list(SCHOOLS), [85, 12, 3])[0],
        "attributed_month": f"2026-{dice.choices(range(1, 12), [1, 1, 2, 3, 8, 30, 30, 10, 8, 5, 2])[0]:02}",
        "year": dice.choices(["2026", "2025", "2024"], [80, 17, 3])[0],
        "months": dice.choices([6, 12], [80, 20])[0],
        "result": dice.choices(["retained_a", "retained_c", "left", "unknown"], [50, 20, 15, 15])[0],
        "industry": dice.choices(["软件和信息技术服务业", "卫生", None], [60, 35, 5])[0],
        "ownership": dice.choices(["company", "state_owned", "government"], [80, 17, 3])[0],
        "employer": dice.choices(range(60))[0],
        "pay": 100 * dice.randrange(40, 140),
    }


def _table(people: Iterable[dict], *facts: str) -> dict:
    counts = Counter(tuple(one[fact] for fact in facts) for one in people)
    return _rows((*facts, "people"), [[*key, number] for key, number in sorted(counts.items(), key=str)])


def _rows(columns: Iterable[str], rows: list) -> dict:
    return {"columns": list(columns), "rows": rows, "query": "ef" * 32}


def _days(people: list[dict]) -> list:
    counts = Counter(one["degree"] for one in people)
    return [[degree, number, 5, 20, 60] for degree, number in sorted(counts.items())]


def _pay(people: list[dict], by: str) -> dict:
    rows = []
    for key, group in itertools.groupby(
        sorted(people, key=lambda one: str(one[by])), key=lambda one: one[by]
    ):
        ones = list(group)
        firms, pay = Counter(one["employer"] for one in ones), sorted(one["pay"] for one in ones)
        shares = [pay[int(share * (len(pay) - 1))] for share in (0.1, 0.25, 0.5, 0.75, 0.9)]
        rows.append([key, len(ones), len(firms), max(firms.values()), *shares])
    return _rows((by, "people", "employers", "largest", "p10", "p25", "p50", "p75", "p90"), rows)


def _posts(dice: random.Random) -> dict:
    def figures(ads: int, applicants: int) -> list:
        return [ads, 3 * ads, ads, applicants, max(1, ads // 2), 3, 6000, 8000, 11_000, dice.randrange(5, 90)]

    clusters = [["ai", *figures(120, 90)], ["health", *figures(30, 60)], ["deep", *figures(4, 2)]]
    lines = [
        ["ai", "2-02-38-01", *figures(60, 70), "master", "Python、PyTorch", 45, "软件工程 45", "1 2 3"],
        ["health", "2-05-01-01", *figures(25, 33), "bachelor", "临床", 12, "临床医学 12", "4"],
        ["deep", "2-02-38-01", *figures(4, 2), None, "", 45, "软件工程 45", "5"],
    ]
    more = ("degree", "skills", "graduates", "majors", "evidence")
    return {
        "posts_by_cluster": _rows(("cluster", *FIGURES), clusters),
        "posts_by_occupation": _rows(("cluster", "occupation", *FIGURES, *more), lines),
        "posts_by_skill": _rows(("skill", "ads"), [["Python", 40], ["Excel", 30]]),
        "posts_by_unit": _rows(("unit", "headcount", "well_paid"), [["WH-DHGX", 300, 90], ["420106", 50, 5]]),
    }
