"""What reports say, what they leave out, and that nobody can work it out again."""

import re

import pytest

from tests.reader import given_away
from tests.snapshots import make_content, make_snapshot
from webapp.domain.publication import HIDDEN
from webapp.domain.suppression import is_small
from webapp.reports.counted import counts_of
from webapp.reports.document import NOTHING, Edition
from webapp.reports.names import REPORTS, ReportUnknown, write
from webapp.reports.shortage import applied, lines
from webapp.reports.snapshot import Snapshot

SEEDS = (1, 2, 3)
NUMBERS = re.compile(r"\d[\d,]*(?:\.\d+)?%?")


def texts(document):
    """Every figure the tables show, as it is read."""
    return {
        column.text(cell)
        for table in document.tables
        for row in table.lines
        for column, cell in zip(table.columns, row.cells, strict=True)
    }


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("edition", Edition)
def test_every_report_has_its_parts(name, edition):
    document = write(name, make_snapshot(), edition)
    assert document.title
    assert document.reading
    assert document.unknown
    assert [table.number for table in document.tables] == list(range(1, len(document.tables) + 1))
    foot = "".join(document.foot)
    assert all(part in foot for part in (document.snapshot, "RS-2026.1", "D1", "ab" * 32))
    assert all(
        f"{table.name}：n = {table.rests_on}" in foot and table.digest in foot for table in document.tables
    )


def test_a_report_nobody_wrote():
    with pytest.raises(ReportUnknown, match="nothing"):
        write("nothing", make_snapshot())


def test_a_catalogue_without_a_line_says_so_in_words():
    content = make_content()
    content["tables"]["posts_by_occupation"]["rows"] = []
    note = write("shortage", Snapshot("1" * 16, content)).tables[0].note
    assert "目前没有这样的职业" in note
    assert "列出前" not in note
    assert "列出前" in write("shortage", make_snapshot()).tables[0].note


def test_the_tables_say_what_the_snapshot_holds():
    snapshot = make_snapshot()
    table = write("situation", snapshot, Edition.INTERNAL).tables[2]
    by_unit = snapshot.counts("counted_by_unit_grade", "unit")
    shown = {row.cells[0]: row.cells[1] for row in table.rows}
    assert shown == {snapshot.name("unit", code): people for (code,), people in by_unit.items()}
    assert table.total.cells[1] == sum(by_unit.values()) == sum(shown.values())
    for row in table.lines:
        assert sum(row.cells[2:5]) == row.cells[1]
        assert row.cells[5] == row.cells[2] / row.cells[1]


def test_schools_stand_in_the_internal_edition_alone():
    for seed in SEEDS:
        snapshot = make_snapshot(seed)
        for name in REPORTS:
            assert "武汉大学" not in str(write(name, snapshot))
    assert "武汉大学" in str(write("students", make_snapshot(), Edition.INTERNAL))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_small_number_of_people_is_shown(seed):
    counts = counts_of(make_snapshot(seed), Edition.PUBLIC)
    shown = [value for key, value in counts._values.items() if key not in counts._hidden]
    assert shown
    assert not [value for value in shown if is_small(value, 10)]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("net", "least"), [(counts_of, 5), (applied, 1)])
def test_a_reader_of_all_reports_cannot_work_out_what_was_left_out(seed, net, least):
    counts = net(make_snapshot(seed), Edition.PUBLIC)
    values, sums, hidden = counts._values, list(counts._sums), counts._hidden
    small = [key for key in hidden if is_small(values[key], 10)]
    assert len(small) >= least
    assert not given_away(values, sums, hidden, least=10)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", REPORTS)
def test_the_reading_says_no_figure_the_tables_do_not_show(seed, name):
    document = write(name, make_snapshot(seed))
    known = texts(document) | {f"{table.rests_on}" for table in document.tables}
    known |= {f"{len(table.rows):,}" for table in document.tables}
    said = re.sub(r"\d+年\d+月\d+日|加减 5 分|不到 60|\d+ 个(?:填报)?单位", "", "".join(document.reading))
    assert set(NUMBERS.findall(said)) <= known


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_lines_tells_nothing_of_hidden_figures(seed):
    snapshot = make_snapshot(seed)
    table = write("situation", snapshot).tables[2]
    codes = {
        snapshot.name("unit", code): code for (code,) in snapshot.counts("counted_by_unit_grade", "unit")
    }
    hidden = [codes[row.cells[0]] for row in table.rows if row.cells[1] == HIDDEN]
    shown = [row.cells[1] for row in table.rows if row.cells[1] != HIDDEN]
    assert hidden == sorted(hidden)
    assert shown == sorted(shown, reverse=True)


def test_pay_of_few_employers_or_of_one_large_one_is_left_out():
    snapshot = make_snapshot()
    rows = snapshot.content["tables"]["pay_by_ownership"]["rows"]
    columns = snapshot.content["tables"]["pay_by_ownership"]["columns"]
    company = next(row for row in rows if row[0] == "company")
    company[columns.index("largest")] = company[columns.index("people")] // 2 + 1
    counts_of.cache_clear()
    table = write("pay", snapshot).tables[1]
    line = next(row for row in table.rows if row.cells[0] == "企业")
    assert line.cells[2] == company[1]
    assert set(line.cells[3:]) == {HIDDEN}


def test_lines_of_the_catalogue_have_posts_and_graduates_enough_and_an_order_one_can_recompute():
    snapshot = make_snapshot()
    found, lacking = lines(snapshot, Edition.PUBLIC)
    assert lacking == 1
    assert all(line.row["ads"] >= 10 <= line.row["graduates"] for line in found)
    for line in found:
        heads, row = line.row["headcount"], line.row
        tight, unsought = heads / (heads + row["graduates"]), heads / (heads + row["applicants"])
        by_hand = 50 * tight + 25 * min(1, row["days_open"] / 60) + 25 * unsought
        assert line.urgency == pytest.approx(by_hand, abs=0.005)
    assert [line.urgency for line in found] == sorted((line.urgency for line in found), reverse=True)


def test_an_index_of_which_too_little_is_known_is_not_given():
    document = write("district-index", make_snapshot())
    values = {row.cells[0]: row.cells[1:3] for row in document.tables[0].rows}
    assert all(value == "数据不足" for value, known in values.values() if known < 60)
    assert all(isinstance(value, float) for value, known in values.values() if known >= 60)
    assert any(NOTHING in row.cells for row in document.tables[0].rows)
    assert "试算，非官方" in document.title
