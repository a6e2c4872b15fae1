"""The schematic map: every unit has a tile of its own, shades and legend agree, names find room."""

from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.programme import Tile, tiles, units
from webapp.ui.maps import LEVELS, Place, bounds, level_of


def place(name: str, width: int = 1) -> Place:
    return Place(name, "1", None, 1, zone=False, tile=Tile(0, 0, width))


def test_every_unit_has_a_tile_and_no_two_share_one():
    taken = [(tile.column + further, tile.row) for tile in tiles().values() for further in range(tile.width)]
    assert set(tiles()) == set(units())
    assert len(taken) == len(set(taken))


@given(st.integers(1, 10**7).flatmap(lambda most: st.tuples(st.integers(0, most), st.just(most))))
def test_a_figure_has_the_shade_whose_bounds_it_lies_in(drawn):
    value, largest = drawn
    level = level_of(value, largest)
    assert 0 <= level <= LEVELS
    within = [(low, high) for low, high in bounds(largest) if low <= value <= high]
    assert [level_of(high, largest) for _low, high in within] == ([level] if value else [])


def test_an_empty_map_has_one_shade_and_no_bounds():
    assert (level_of(0, 0), list(bounds(0))) == (0, [])


def test_names_stand_on_two_lines_without_their_brackets():
    assert place("东西湖区（临空港经开区）").lines == ["东西湖区"]
    assert place("东湖生态旅游风景区").lines == ["东湖生态旅游风", "景区"]
    assert place("Dongxihu District (Airport Economic Zone)").lines == ["Dongxihu", "District"]
    long = place("Wuhan Economic and Technological Development Zone (Hannan District)", width=2)
    assert long.lines == ["Wuhan Economic and Technological", "Development Zone"]
