from datetime import UTC, date, datetime, timedelta

import pytest

from webapp.domain.degrees import Degree
from webapp.ui import filters

AT = datetime(2026, 6, 30, 18, 30, tzinfo=UTC)


def test_a_day_is_said_in_the_readers_language(chinese):
    assert filters.full_date(date(2026, 6, 30)) == "2026年6月30日"
    assert filters.short_date(date(2026, 6, 30)) == "6月30日"
    assert filters.month("2026-06") == "2026年6月"


def test_an_english_reader_reads_english_dates(english):
    assert filters.full_date(date(2026, 6, 30)) == "30 June 2026"
    assert filters.wan(15_000) == "15,000"


def test_an_instant_is_said_in_wuhan_time_even_if_the_database_forgot_its_zone(chinese):
    assert filters.moment(AT) == "2026年7月1日 02:30"
    assert filters.moment(AT.replace(tzinfo=None)) == "2026年7月1日 02:30"
    assert filters.full_date(AT) == "2026年7月1日"


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=59), "刚刚"),
        (timedelta(minutes=1), "1 分钟前"),
        (timedelta(hours=1), "1 小时前"),
        (timedelta(hours=23, minutes=59), "23 小时前"),
        (timedelta(days=3), "3 天前"),
        (timedelta(days=31), "2026年7月1日"),
    ],
)
def test_passed_time_is_said_in_the_coarsest_true_unit(chinese, passed, said):
    assert filters.ago(AT, AT + passed) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0"), (9_999, "9,999"), (15_000, "1.5 万"), (128_142, "12.81 万"), (1_500_000, "150 万")],
)
def test_large_counts_are_said_in_wan(chinese, count, said):
    assert filters.wan(count) == said


@pytest.mark.parametrize(("count", "said"), [(0, "0"), (1, "＜5"), (4, "＜5"), (5, "5"), (None, "—")])
def test_small_cells_hide_the_people_in_them(count, said):
    assert filters.small(count) == said


def test_pay_is_said_with_its_months_and_unknown_pay_as_negotiable(chinese):
    assert filters.money(8000, 11000, 14) == "8,000–11,000 元/月 · 14薪"
    assert filters.money(4000, None, 12) == "4,000 元/月"
    assert filters.money(None, None) == "面议"


def test_an_enum_is_said_by_the_labels_beside_it(chinese):
    assert filters.label(Degree.MASTER) == "硕士"
    assert filters.label(None) == ""
    assert filters.label("已是文字") == "已是文字"


def test_an_unknown_share_is_a_dash():
    assert filters.percent(None) == "—"
    assert filters.percent(0.8734) == "87.3%"


@pytest.mark.parametrize(
    ("fit", "said"),
    [(0.8, "合适度约 80%"), (0.05, "合适度约 5%"), (0.049, "合适度低于 5%"), (0, "合适度低于 5%")],
)
def test_a_fit_too_small_to_tell_is_said_to_be_small(chinese, fit, said):
    assert filters.fitting(fit) == said


def test_an_english_reader_reads_our_own_words_in_the_facts_of_a_sentence(english):
    facts = {"source": "草稿", "target": "已投递"}
    said = filters.spoken(
        "这份申请现在是“%(source)s”，不能直接变为“%(target)s”。请刷新页面，看看它的最新进展。", facts
    )
    assert '"Draft"' in said
    assert '"Applied"' in said


def test_words_put_together_are_translated_one_by_one_and_a_persons_own_stay(english):
    assert filters.translated("单位全称、所在区") == "Full name of the organisation, District"
    assert (
        filters.translated("起始日期有误：合同写的是六月、七月")
        == "The start date is wrong: 合同写的是六月, 七月"
    )


def test_a_chinese_reader_reads_texts_unchanged(chinese):
    assert (
        filters.translated("起始日期有误：合同写的是六月、七月。谢谢。")
        == "起始日期有误：合同写的是六月、七月。谢谢。"
    )
    assert filters.translated("") == ""


def test_a_persons_own_full_stop_is_enough(chinese):
    said = filters.spoken("你的去向被退回：%(reason)s。请补充后再次提交。", {"reason": "缺一页。"})
    assert said == "你的去向被退回：缺一页。请补充后再次提交。"


def test_the_names_of_our_catalogues_are_said_in_the_readers_language(english):
    assert filters.district("420106") == "Wuchang District"
    assert filters.district("somewhere else") == "somewhere else"
