"""Postings with known truth: what boards make of an employer's posting, and what only looks like one."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from random import Random

from sqlalchemy.orm import Session

from tests.factories import make_employer, make_posting
from webapp.domain.dates import start_of_day
from webapp.domain.post_ledger import find_home
from webapp.domain.post_likeness import Offer, employer_key, shingles, title_key
from webapp.domain.postings import Kind
from webapp.models import Employer
from webapp.settings import ROOT

VALID_DAYS = 60
AFTER = 180
"""Days until the next round of recruiting begins: whatever was said of the one before is over by then."""
NO_PLACE = 0.1
"""Of the rows of a board that name no district; 3 % of a large sample did not."""
ELSEWHERE = 0.05
"""Of the posts with a twin in another district; 0.6 % of a large sample had one."""

_SENTENCE = re.compile(r"[；。\n]+")
_NUMBER = re.compile(r"^\s*\d{1,2}[.、)）]\s*")


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(one, other) for one, other in (pair.split("/") for pair in text.split())]


_BOARD_MARKS = (
    "急聘 ",
    "【高薪诚聘】",
    "（双休+五险一金）",
    "-应届生可投",
    "（2026届校招）",
    " 8-12K",
    "【可转正】",
    "（5名）",
)
_SYNONYMS = _pairs(
    "负责/承担 熟悉/掌握 优化/改进 参与/加入 编写/撰写 配合/协助 跟进/跟踪 沟通/交流 能够/可以 "
    "完成/做好 处理/解决 具有/具备 协助/配合 相关/有关 定期/按期 整理/梳理 保障/保证 了解/知道"
)
_TITLES = _pairs(
    "开发工程师/研发工程师 开发工程师/工程师 工程师/工程师岗 专员/岗 专员/ "
    "技术员/技术人员 分析师/分析员 助理/助理岗 管理/管控 运营/运营推广"
)
_INTROS = (
    "公司成立多年，团队氛围好，欢迎加入我们",
    "我们提供有竞争力的薪酬与完善的培训体系",
    "工作时间灵活，周末双休，节日福利",
    "平台大、发展空间足，期待有志青年投递简历",
    "入职缴纳五险一金，享带薪年假与年度体检",
)
_OTHERS = _pairs(
    "前端/后端 后端/前端 软件/硬件 光学/结构 产品/市场 开发/测试 "
    "测试/运维 数据/财务 机械/电气 化工/环保 初中/高中 会计/出纳"
)
_PLACES = ("420102", "420103", "420105", "420107", "420112", "420115", "WH-DHGX", "WH-JKQ")


@dataclass(frozen=True)
class Seeded:
    """A posting as some source states it, and the post it truly offers."""

    truth: int
    employer: str
    employer_id: int
    genuine: bool
    title: str
    kind: Kind
    place: str | None
    text: str
    first_on: date
    headcount: int
    source: str

    def offer(self, posting_id: int) -> Offer:
        return Offer(
            posting_id=posting_id,
            employer_id=self.employer_id,
            employer_key=employer_key(self.employer),
            genuine=self.genuine,
            title_key=title_key(self.title),
            kind=self.kind,
            place=self.place,
            first_on=self.first_on,
            last_on=self.first_on + timedelta(days=VALID_DAYS),
        )


def seeded(seed: int = 7, posts: int = 1000) -> list[Seeded]:
    """Draw about so many posts, each from one to three sources, shuffled."""
    dice = Random(seed)
    bases, made = list(_bases()), []
    while len({one.truth for one in made}) < posts:
        base = dice.choice(bases)
        firm = dice.randrange(10_000)
        number = len(made)
        own = replace(
            base,
            truth=number,
            employer=base.employer.replace("演示", f"演示{firm}"),
            employer_id=firm * 10 + 1,
            first_on=base.first_on + timedelta(days=dice.randrange(200)),
        )
        made += _sources(dice, own)
        made += [
            replace(other, truth=1_000_000 + number * 10 + place)
            for place, other in enumerate(_lookalikes(dice, own, bases))
        ]
    return dice.sample(made, len(made))


def _sources(dice: Random, own: Seeded) -> Iterator[Seeded]:
    yield own
    if dice.random() < 0.6:
        yield _copied(dice, own)
    if dice.random() < 0.6:
        yield _reworded(dice, own)


def _copied(dice: Random, own: Seeded) -> Seeded:
    """The same words on a board: another name of the firm, marks in the title, the text cut off."""
    return replace(
        own,
        source="board A",
        employer=_renamed(dice, own.employer),
        employer_id=own.employer_id + 1,
        genuine=False,
        title=_marked(dice, own.title),
        text=_renumbered(own.text)[: dice.choice((120, 200, 4000))],
        place=None if dice.random() < NO_PLACE else own.place,
        first_on=own.first_on + timedelta(days=dice.randrange(-20, 40)),
        headcount=dice.choice((1, own.headcount, own.headcount)),
    )


def _reworded(dice: Random, own: Seeded) -> Seeded:
    """The same post told anew: sentences in another order, some gone, some added, words replaced."""
    said = [_NUMBER.sub("", one) for one in _SENTENCE.split(own.text) if one.strip()]
    kept = dice.sample(said, max(1, round(len(said) * dice.uniform(0.6, 1))))
    kept.insert(0, dice.choice(_INTROS))
    text = "；".join(kept)
    for word, other in dice.sample(_SYNONYMS, 8):
        text = text.replace(word, other)
    title = own.title
    for word, other in dice.sample(_TITLES, 3):
        title = title.replace(word, other) or title
    return replace(
        own,
        source="board B",
        employer=_renamed(dice, own.employer),
        employer_id=own.employer_id + 2,
        genuine=False,
        title=_marked(dice, title) if dice.random() < 0.3 else title,
        text=text,
        place=None if dice.random() < NO_PLACE else own.place,
        first_on=own.first_on + timedelta(days=dice.randrange(0, 60)),
        headcount=dice.choice((1, own.headcount)),
    )


def _lookalikes(dice: Random, own: Seeded, bases: Sequence[Seeded]) -> Iterator[Seeded]:
    """Other posts that look like it: another trade, place, time, team or firm."""
    other = dice.choice([base for base in bases if base.title != own.title])
    chance = dice.random
    for word, instead in _OTHERS:
        if word in own.title and chance() < 0.5:
            yield replace(own, title=own.title.replace(word, instead), text=_half(dice, own, other))
    if chance() < ELSEWHERE:
        far = [
            place for place in _PLACES if place != own.place and {place, own.place} != {"WH-DHGX", "420111"}
        ]
        yield replace(own, place=dice.choice(far))
    if chance() < 0.2:
        yield replace(own, first_on=own.first_on + timedelta(days=dice.randrange(AFTER, AFTER + 180)))
    if chance() < 0.2:
        yield replace(own, text=other.text)
    if chance() < 0.2:
        yield replace(own, employer=other.employer + "分部", employer_id=own.employer_id + 5)
    if chance() < 0.5:
        yield replace(other, employer=own.employer, employer_id=own.employer_id, first_on=own.first_on)


def _half(dice: Random, own: Seeded, other: Seeded) -> str:
    said = _SENTENCE.split(own.text)
    return "。".join([*dice.sample(said, max(1, len(said) // 3)), other.text])


def _renamed(dice: Random, name: str) -> str:
    return dice.choice((name, f" {name}", name.replace("（", "(").replace("）", ")"), name.replace("·", "")))


def _marked(dice: Random, title: str) -> str:
    mark = dice.choice((*_BOARD_MARKS, ""))
    return f"{mark}{title}" if mark.startswith(("急", "【高")) else f"{title}{mark}"


def _renumbered(text: str) -> str:
    return "\n".join(
        f"（{number}）{_NUMBER.sub('', line)}" for number, line in enumerate(text.split("\n"), 1)
    )


def _bases() -> Iterator[Seeded]:
    """Yield the demo programme's postings, one of each employer, title and kind."""
    names = {row["key"]: row["name"] for row in _rows("employers.jsonl")}
    seen = set()
    for row in _rows("postings.jsonl"):
        same = (row["employer"], row["title"], row["kind"])
        if same in seen or not row["published_on"]:
            continue
        seen.add(same)
        yield Seeded(
            truth=0,
            employer=names[row["employer"]],
            employer_id=0,
            genuine=True,
            title=row["title"],
            kind=Kind(row["kind"]),
            place=row["district"],
            text=f"{row['duties']}\n{row['requirements']}",
            first_on=date.fromisoformat(row["published_on"]),
            headcount=row["headcount"],
            source="own",
        )


def _rows(name: str) -> Iterator[dict]:
    return map(json.loads, (ROOT / "data" / "demo" / name).read_text("utf-8").splitlines())


@dataclass(frozen=True)
class Measured:
    """How well the rule finds the seeded posts; ``counted`` and ``true`` are places."""

    postings: int
    posts: int
    precision: float
    recall: float
    counted: int
    true: int
    questions: int


def measure(rows: Sequence[Seeded]) -> Measured:
    """Let the rule take postings one by one, and compare pairs found with pairs seeded."""
    offers = [one.offer(number) for number, one in enumerate(rows)]
    texts = [shingles(one.text) for one in rows]
    shelves: dict[str, dict[int, list[Offer]]] = defaultdict(dict)
    questions = 0
    for number, offer in enumerate(offers):
        posts = shelves[offer.employer_key]
        home = find_home(offer, posts, texts.__getitem__)
        post_id = number if home.post_id is None else home.post_id
        posts.setdefault(post_id, []).append(offer)
        for other in home.joined:
            posts[post_id] += posts.pop(other)
        questions += len(home.doubts)
    found = [[one.posting_id for one in post] for posts in shelves.values() for post in posts.values()]
    truly: dict[int, list[int]] = defaultdict(list)
    for number, one in enumerate(rows):
        truly[one.truth].append(number)
    said, meant = _together(found), _together(truly.values())
    return Measured(
        postings=len(rows),
        posts=len(truly),
        precision=len(said & meant) / len(said),
        recall=len(said & meant) / len(meant),
        counted=_places(rows, found),
        true=_places(rows, truly.values()),
        questions=questions,
    )


def _together(groups: Iterable[Sequence[int]]) -> set[tuple[int, int]]:
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def _places(rows: Sequence[Seeded], groups: Iterable[Sequence[int]]) -> int:
    return sum(max(rows[number].headcount for number in group) for group in groups)


def store(session: Session, rows: Sequence[Seeded]) -> int:
    """Write postings with the employers they name, published but in no ledger; returns how many."""
    firms: dict[int, Employer] = {}
    for one in rows:
        if one.employer_id not in firms:
            firms[one.employer_id] = make_employer(
                session, name=one.employer, origin="platform" if one.genuine else "import:board"
            )
        make_posting(
            session,
            firms[one.employer_id],
            title=one.title,
            kind=one.kind,
            district=one.place,
            duties=one.text,
            requirements="",
            headcount=one.headcount,
            published_at=start_of_day(one.first_on),
            valid_until_on=one.first_on + timedelta(days=VALID_DAYS),
        )
    return len(rows)
