"""What a posting must say before an officer reads it (DOMAIN 3.5, 6.4, A4)."""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from webapp.domain.catalogues import districts
from webapp.domain.degrees import Degree
from webapp.domain.employers import EmployerKind
from webapp.domain.errors import PlatformError
from webapp.domain.pay import MONTHS
from webapp.domain.postings import EMPLOYMENT, MAX_DAYS_LIVE, Kind
from webapp.domain.programme import minimum_wage
from webapp.domain.wording import find_wording
from webapp.domain.wording_rules import Severity
from webapp.domain.words import N_

LEAST_DUTIES = 20
VAGUE_DUTIES = 80
WIDEST_PAY = 3
MOST_HEADCOUNT = 5000

FREELY_CHANGED = frozenset({"headcount", "valid_until_on", "start_on"})
"""What a live posting may change without being read again; a change of anything else returns it to review."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingTerms:
    """Everything an employer says about a posting; pay is whole yuan a month before tax."""

    kind: Kind
    title: str
    duties: str = ""
    requirements: str = ""
    skills: tuple[str, ...] = ()
    majors: tuple[str, ...] = ()
    degree_min: Degree | None = None
    headcount: int | None = 1
    district: str | None = None
    address: str | None = None
    pay_min: int | None = None
    pay_max: int | None = None
    months: int = 12
    cluster: str | None = None
    start_on: date | None = None
    converts: bool = False
    valid_until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: the field, the sentence and, for wording, the clause and a neutral text."""

    field: str
    message: str
    facts: Mapping[str, object] = dataclasses.field(default_factory=dict)
    blocking: bool = True
    clause: str | None = None
    neutral: str | None = None
    words: str | None = None


class PayOrder(PlatformError):
    """Bounds that contradict each other cannot even be kept as a draft."""

    message = N_("月薪上限不能低于下限；固定月薪请填同一个数。")


class PostingNotReady(PlatformError):
    """A posting that lacks what the law demands, or says what it forbids."""

    message = N_("这个岗位还有 %(count)d 处需要修改，暂时不能提交审核：%(first)s")


def check_posting(terms: PostingTerms, *, employer_kind: EmployerKind, on: date) -> list[Problem]:
    """Return everything to mend or explain; only blocking problems keep a posting from review."""
    return [*_missing(terms), *_pay(terms, on), *_dates(terms, on), *_wording(terms, employer_kind)]


def _missing(terms: PostingTerms) -> Iterator[Problem]:
    if not terms.title.strip():
        yield Problem("title", N_("请填写岗位名称。"))
    if len("".join(terms.duties.split())) < LEAST_DUTIES:
        yield Problem("duties", N_("请写清工作内容，至少 %(least)d 个字。"), {"least": LEAST_DUTIES})
    elif len("".join(terms.duties.split())) < VAGUE_DUTIES:
        yield Problem(
            "duties",
            N_("工作内容不足 %(least)d 个字，写得越具体，来投递的毕业生越合适。"),
            {"least": VAGUE_DUTIES},
            blocking=False,
        )
    if not (terms.requirements.strip() or terms.skills or terms.majors or terms.degree_min):
        yield Problem("requirements", N_("请写明录用条件：任职要求、学历、专业或技能至少填一项。"))
    if terms.headcount is None or not 1 <= terms.headcount <= MOST_HEADCOUNT:
        yield Problem("headcount", N_("请填写招聘人数，1 至 %(most)d 人。"), {"most": MOST_HEADCOUNT})
    if terms.district not in districts():
        yield Problem("district", N_("请选择工作地点所在的区。"))
    if not (terms.address or "").strip():
        yield Problem("address", N_("请填写详细的工作地址。"))


def _pay(terms: PostingTerms, on: date) -> Iterator[Problem]:
    low, high = terms.pay_min, terms.pay_max
    if low is None or low <= 0:
        yield Problem("pay_min", N_("请填写月薪下限（基本劳动报酬），不能写“面议”。"))
        return
    if terms.kind in EMPLOYMENT and low < minimum_wage(on):
        yield Problem("pay_min", N_("月薪不能低于武汉市最低工资 %(least)d 元。"), {"least": minimum_wage(on)})
    if high is None or high < low:
        yield Problem("pay_max", N_("月薪上限不能低于下限；固定月薪请填同一个数。"))
    elif high > low * WIDEST_PAY:
        yield Problem("pay_max", N_("薪酬跨度超过 3 倍，审核时会请您说明。"), blocking=False)
    if terms.months not in MONTHS:
        yield Problem("months", N_("每年发薪月数应在 12 到 24 之间。"))


def _dates(terms: PostingTerms, on: date) -> Iterator[Problem]:
    latest = on + timedelta(days=MAX_DAYS_LIVE)
    until = terms.valid_until_on
    if until is None or not on < until <= latest:
        yield Problem(
            "valid_until_on",
            N_("请填写有效期，最晚 %(latest)s（%(days)d 天内）。"),
            {"latest": latest, "days": 90},
        )
    if terms.start_on is not None and terms.start_on < on:
        yield Problem("start_on", N_("到岗日期已经过了，请改为今天以后的日期。"))


def _wording(terms: PostingTerms, employer_kind: EmployerKind) -> Iterator[Problem]:
    texts = {
        "title": terms.title,
        "duties": terms.duties,
        "requirements": terms.requirements,
        "address": terms.address or "",
        "skills": "\n".join(terms.skills),
        "majors": "\n".join(terms.majors),
    }
    for name, text in texts.items():
        for found in find_wording(text, kind=employer_kind):
            blocking = found.severity is Severity.BLOCK
            yield Problem(
                name,
                N_("“%(words)s”不能出现在招聘信息里。")
                if blocking
                else N_("“%(words)s”可能构成不合理的限制，请斟酌。"),
                {"words": found.words},
                blocking,
                found.rule.clause,
                found.rule.neutral,
                found.words,
            )
