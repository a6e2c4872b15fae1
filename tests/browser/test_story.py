"""From a resume to a counted placement, as three people at three browsers live it."""

import re
import time
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine
from stdnum.cn import ric

from tests import factories
from tests.browser.conftest import DESKTOP, PHONE, Clock
from tests.browser.person import Person
from webapp.database import session_factory
from webapp.domain.dates import CITY
from webapp.services.programme import load_programme
from webapp.settings import ROOT

RESUME = ROOT / "data" / "demo" / "resumes" / "16-headings.docx"
NAME = "演示·高天佑"
TITLE = "总账会计"
DUTIES = (
    "负责公司总账核算与月末结账，编制财务报表和纳税申报表，核对往来与固定资产账目，配合年度审计准备底稿；"
    "使用金蝶处理凭证，用 Excel 做成本分析，每月向财务经理说明差异原因并提出改进办法。"
)
VARIANTS = {"desktop": (DESKTOP, True), "phone": (PHONE, True), "without-script": (DESKTOP, False)}


@pytest.fixture(scope="module")
def officer_login(database: Engine) -> str:
    """A programme with a few other graduates and postings; returns the login of the city's officer."""
    with session_factory(database).begin() as session:
        load_programme(session, at=factories.NOW)
        for major in ("会计学", "软件工程", "财务管理"):
            graduate = factories.make_graduate(session, major_name=major, wanted=["会计"])
            factories.make_resume(session, graduate, redacted_text="在代理记账公司实习，用金蝶做账。")
        for title in ("Python 开发工程师", "出纳", "行政助理"):
            factories.make_posting(session, title=title, majors=[])
        return str(factories.make_officer(session).user.email)


@dataclass
class Cast:
    """Who takes part, and what this telling of the story calls them."""

    graduate: Person
    employer: Person
    officer: Person
    number: int
    clock: Clock

    @property
    def employer_name(self) -> str:
        return f"演示光谷财税服务（武汉）有限责任公司{self.number}部"

    @property
    def title(self) -> str:
        return f"{TITLE}（第{self.number}组）"

    def day(self, *, after: int = 0) -> str:
        return (self.clock.time.astimezone(CITY).date() + timedelta(days=after)).isoformat()

    def identity_number(self) -> str:
        """A number nobody carries: there is no region 100000."""
        body = f"10000020020315{self.number:03d}"
        return body + ric.calc_check_digit(body + "0")


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_graduate_becomes_one_more_retained(open_page, picture, officer_login, clock, variant: str):
    size, script = VARIANTS[variant]
    people = [Person(open_page(size, script=script)) for _ in range(3)]
    cast = Cast(*people, number=list(VARIANTS).index(variant) + 1, clock=clock)
    graduate, employer, officer = people

    def show(person: Person, name: str) -> None:
        picture(person.page, f"story-{variant}-{name}")

    register_graduate(cast)
    show(graduate, "01-resume")
    hand_in_resume(cast)
    show(graduate, "02-matches")
    register_employer(cast)
    show(employer, "03-organisation")
    officer.log_in(officer_login, factories.PASSWORD)
    before = retained(officer)
    approve_employer(cast)
    offer_posting(cast)
    approve_posting(cast)
    find_and_apply(cast)
    show(graduate, "04-applied")
    answer(cast)
    show(employer, "05-applicant")
    interview(cast)
    promise(cast)
    show(graduate, "06-accepted")
    sign_and_start(cast)
    prove(cast)
    show(graduate, "07-placement")
    assert retained(officer) == before
    verify(cast)
    assert retained(officer) == before + 1
    show(officer, "08-overview")
    read_access_log(cast)
    show(graduate, "09-access-log")


def register_graduate(cast: Cast) -> None:
    """Register within a minute: four things are asked, and nothing else."""
    person, began = cast.graduate, time.monotonic()
    person.go("/")
    person.follow("我在找工作")
    labels = [label.inner_text() for label in person.main.locator("label").all()]
    assert [label.strip() for label in labels] == [
        "姓名",
        "手机号或邮箱",
        "设置密码",
        "我已阅读并同意《个人信息处理说明》",
    ]
    person.fill(姓名=NAME, 手机号或邮箱=f"story{cast.number}@example.com", 设置密码="樱花开在珞珈山上")
    person.mark("我已阅读并同意《个人信息处理说明》")
    person.press("注册")
    person.sees("注册好了")
    assert time.monotonic() - began < 60


def hand_in_resume(cast: Cast) -> None:
    """Upload a Word file, correct what was read, and see why postings fit."""
    person = cast.graduate
    person.hand_in("把简历拖到这里", RESUME)
    person.press("读取简历")
    person.sees_heading("核对简历")
    expect(person.field("学校")).to_have_value("江西财经大学")
    expect(person.field("专业")).to_have_value("会计")
    person.fill(求职意向="总账会计", 技能="会计、总账、审计、税务申报、金蝶、Excel")
    person.press("确认无误")
    person.sees("简历保存好了", "项要求")
    person.turn_to("简历")
    person.sees("第 1 版", "税务申报")
    person.turn_to("今日")
    person.follow("允许用人单位找到我")
    person.press("让单位找到我")
    person.sees("用人单位现在可以在推荐名单中看到你")
    person.turn_to("匹配")


def register_employer(cast: Cast) -> None:
    """Register an organisation, say what it is, upload the licence, ask to be verified."""
    person = cast.employer
    person.go("/")
    person.follow("我要招人")
    person.fill(
        单位全称=cast.employer_name,
        统一社会信用代码=factories.credit_code(77_000 + cast.number),
        经办人姓名="演示·陈经办",
        手机号或邮箱=f"hr{cast.number}@example.com",
        设置密码="长江大桥下的轮渡",
    )
    person.choose(单位性质="企业")
    person.mark("我已阅读并同意《个人信息处理说明》")
    person.press("注册")
    person.sees_heading("单位资料")
    person.choose(所在区="东湖新技术开发区")
    person.fill(
        详细地址="光谷大道 70 号（演示）",
        单位简介="为武汉的中小企业记账报税，四十人，新人由注册会计师一对一带教。",
        联系人="陈经办",
        联系电话="02700000000",
    )
    person.press("保存资料")
    person.sees("单位资料已保存")
    licence = {"name": "营业执照.png", "mimeType": "image/png", "buffer": person.page.screenshot()}
    person.hand_in("上传营业执照", licence)
    person.press("上传证照")
    person.sees("证照已加密保存")
    person.press("提交核验")
    person.sees("已提交核验")


def approve_employer(cast: Cast) -> None:
    person = cast.officer
    person.turn_to("待办")
    person.follow("用人单位待核验")
    person.sees_heading(cast.employer_name)
    person.press("核验通过")
    person.sees("已处理")


def offer_posting(cast: Cast) -> None:
    person = cast.employer
    person.turn_to("工作台")
    person.follow("发布岗位")
    person.choose(类型="全职", 最低学历="本科", 工作地点="东湖新技术开发区")
    person.fill(
        岗位名称=cast.title,
        招聘人数="1",
        工作内容=DUTIES,
        任职要求="熟悉金蝶和 Excel，了解增值税申报，有审计或成本会计实习经历。",
        专业="会计、会计学、财务管理",
        技能="金蝶、Excel、会计",
        详细地址="光谷大道 70 号（演示）",
        月薪下限="7000",
        月薪上限="9000",
        有效期至=cast.day(after=60),
    )
    person.press("提交审核")
    person.sees("已提交审核")


def approve_posting(cast: Cast) -> None:
    person = cast.officer
    person.turn_to("待办")
    person.follow("岗位待审核")
    person.sees_heading(cast.title)
    person.press("审核通过，公开岗位")
    person.sees("这一类待办已全部办完")


def find_and_apply(cast: Cast) -> None:
    """Find the posting by saying what one wants, read why it fits, apply with consent."""
    person = cast.graduate
    person.turn_to("匹配")
    person.fill(搜索="光谷 总账会计 金蝶 正式工作")
    person.press("查找")
    person.follow(cast.title)
    person.sees_heading(cast.title)
    person.sees("要求和我的简历", "项要求")
    person.press("投递")
    expect(person.page.get_by_role("alert")).to_contain_text("同意")
    person.fill(给单位的留言="在会计师事务所实习过，七月初可以到岗。")
    person.mark("我同意把简历和联系方式提供给这家单位")
    person.press("投递")
    person.sees("投递成功")


def answer(cast: Cast) -> None:
    """See the applicant among ranked candidates, open the application, screen in."""
    person = cast.employer
    person.turn_to("候选人")
    person.sees("已投递", "项要求")
    person.turn_to("工作台")
    person.follow("去处理")
    person.sees_heading(NAME)
    person.sees("在会计师事务所实习过", "和岗位要求对照", "编制往来底稿")
    person.follow("筛选通过")
    person.fill(想说的话="您的实习经历很合适。")
    person.press("筛选通过")
    person.sees("已完成：筛选通过")


def interview(cast: Cast) -> None:
    """Appoint it, confirm it, and let both sides say that it took place."""
    employer, graduate = cast.employer, cast.graduate
    employer.follow("邀请面试")
    employer.fill(时间=f"{cast.day(after=1)}T10:00", 地点或会议链接="光谷大道 70 号 3 楼")
    employer.press("邀请面试")
    employer.sees("已完成：邀请面试")
    graduate.turn_to("今日")
    graduate.follow("确认面试")
    graduate.press("确认参加")
    graduate.sees("已确认")
    cast.clock.forward(days=1)
    graduate.turn_to("今日")
    graduate.follow("记录面试")
    graduate.mark("面试进行了")
    graduate.press("记录面试情况")
    graduate.sees("已记录")
    open_applicant(cast)
    employer.follow("记录面试情况")
    employer.mark("面试已进行")
    employer.press("记录面试情况")
    employer.sees("已完成：记录面试情况")


def promise(cast: Cast) -> None:
    employer, graduate = cast.employer, cast.graduate
    employer.follow("发出录用通知")
    employer.fill(到岗日期=cast.day(after=15), **{"期限（月）": "36", "试用期（月）": "3"})
    employer.press("发出录用通知")
    employer.sees("已完成：发出录用通知")
    graduate.turn_to("今日")
    graduate.follow("看录用条件")
    graduate.follow("接受录用")
    graduate.press("接受录用")
    graduate.sees("恭喜")


def sign_and_start(cast: Cast) -> None:
    employer, graduate = cast.employer, cast.graduate
    open_applicant(cast)
    employer.follow("发起签约")
    employer.press("发起签约")
    employer.sees("已完成：发起签约")
    graduate.page.reload()
    graduate.follow("记录签约")
    graduate.fill(签约日期=cast.day(), 网签编号或协议书编号=f"WQ2026{cast.number:06d}")
    graduate.press("记录签约")
    graduate.sees("签约已记录")
    cast.clock.forward(days=15)
    open_applicant(cast)
    employer.follow("确认到岗")
    employer.fill(到岗日期=cast.day(), 劳动合同签订日期=cast.day())
    employer.press("确认到岗")
    employer.sees("已完成：确认到岗")


def open_applicant(cast: Cast) -> None:
    cast.employer.turn_to("岗位")
    cast.employer.follow(cast.title)
    cast.employer.follow("看进度")
    cast.employer.follow(NAME)


def prove(cast: Cast) -> None:
    """Register the identity number and upload the contract."""
    person = cast.graduate
    person.turn_to("资料")
    person.follow("隐私与授权")
    person.fill(证件号码=cast.identity_number())
    person.mark("我同意用它核验就业去向并计入留汉统计")
    person.press("登记证件")
    person.sees("已登记")
    person.turn_to("我的投递")
    person.follow(cast.title)
    person.follow("看就业去向的核验进展")
    person.choose(材料类型="劳动合同")
    contract = {"name": "劳动合同.png", "mimeType": "image/png", "buffer": person.page.screenshot()}
    person.hand_in("把文件拖到这里", contract)
    person.press("上传材料")
    person.sees("材料已提交")


def verify(cast: Cast) -> None:
    """Let the officer verify the degree first, then the placement."""
    person = cast.officer
    person.turn_to("待办")
    person.follow("去向待核验")
    person.sees("学历还没有核验", "劳动合同")
    placement = person.page.url
    person.follow("去核验学历")
    person.sees_heading("核验学历")
    person.press("核验通过")
    person.sees("学历已核验通过")
    person.page.goto(placement)
    person.sees("可以计入")
    person.press("核验通过")
    person.sees("这条去向已处理")


def retained(officer: Person) -> int:
    """Return the figure on the overview."""
    officer.turn_to("总览")
    figure = officer.page.get_by_role("region", name=re.compile("新增留汉")).get_by_role("link").first
    return int(figure.inner_text().replace(",", ""))


def read_access_log(cast: Cast) -> None:
    """Read who looked: the employer by name, the officer too."""
    person = cast.graduate
    person.turn_to("谁看过我")
    person.sees(cast.employer_name)
    expect(person.main.get_by_role("row").filter(has_text=cast.employer_name).first).to_be_visible()
    assert person.main.get_by_role("row").count() >= 4
    person.turn_to("我的投递")
    person.follow("我的去向")
    person.sees("已计入")
