import pytest

from webapp.ui.navigation import address_with, local_address, navigation
from webapp.ui.paging import Page, asked_page


def test_an_empty_list_is_one_empty_page():
    page = Page([], 1, 20, 0)
    assert (page.pages, page.first, page.last, page.around) == (1, 0, 0, [1])


def test_the_last_page_says_which_rows_it_shows():
    page = Page(range(5), 3, 20, 45)
    assert (page.pages, page.first, page.last) == (3, 41, 45)


@pytest.mark.parametrize(
    ("number", "around"),
    [
        (1, [1, 2, None, 9]),
        (3, [1, 2, 3, 4, None, 9]),
        (5, [1, None, 4, 5, 6, None, 9]),
        (9, [1, None, 8, 9]),
    ],
)
def test_far_pages_are_left_out(number, around):
    assert Page([0], number, 20, 180).around == around


@pytest.mark.parametrize(("asked", "number"), [("2", 2), ("0", 1), ("-3", 1), ("x", 1), ("9" * 30, 10_000)])
def test_an_odd_page_number_is_harmless(app, asked, number):
    with app.test_request_context(f"/postings?page={asked}"):
        assert asked_page() == number


def test_an_address_keeps_its_other_filters(chinese):
    assert address_with(page=3) == "/postings?kind=job&page=3"
    assert address_with(page=None, kind=None) == "/postings"


@pytest.mark.parametrize(
    "wanted",
    [
        *(
            "https://evil.example/",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "/\t//evil.example",
        ),
        *("/\n//evil.example", "javascript:alert(1)", "", None),
    ],
)
def test_only_addresses_of_our_own_are_followed(chinese, wanted):
    assert local_address(wanted) == "/"


def test_an_address_of_our_own_is_followed(chinese):
    assert local_address("/postings?kind=job") == "/postings?kind=job"


def test_a_page_below_an_entry_marks_the_entry(app):
    with app.test_request_context("/postings/7"):
        assert [item.current for item in navigation()] == [True]
