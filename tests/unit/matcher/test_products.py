"""The best of many inner products, beside all of them sorted."""

from collections.abc import Callable

import numpy as np
import pytest

from matcher import products
from matcher.encoder import normalised
from matcher.errors import NoDevice
from matcher.products import BlasProducts, Products, TorchProducts, open_products

TORCH = pytest.param(lambda: TorchProducts("cpu"), id="torch", marks=pytest.mark.slow)
KINDS = pytest.mark.parametrize("kind", [pytest.param(BlasProducts, id="blas"), TORCH])


def unit_vectors(count: int, seed: int) -> np.ndarray:
    """Draw directions around a few centres, as texts of a few trades are."""
    draw = np.random.default_rng(seed)
    centres = draw.normal(size=(6, 16))
    return normalised(
        (centres[draw.integers(6, size=count)] + draw.normal(size=(count, 16))).astype(np.float32)
    )


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few hundred vectors make many blocks and tiles."""
    for name, value in {"PEOPLE": 7, "TILE": 32, "FIRST": 8, "GRAPHICS_TILE": 50}.items():
        monkeypatch.setattr(products, name, value)


@KINDS
@pytest.mark.parametrize(("people", "offers", "top"), [(20, 300, 10), (1, 31, 3), (15, 33, 32), (9, 64, 1)])
def test_the_best_are_those_of_all_products_sorted(
    kind: Callable[[], Products], people: int, offers: int, top: int
) -> None:
    asked, offered = unit_vectors(people, 1), unit_vectors(offers, 2)
    rows, scores = kind().nearest(asked, offered, top)
    every = asked @ offered.T
    np.testing.assert_allclose(scores, -np.sort(-every, axis=1)[:, :top], atol=1e-6)
    np.testing.assert_allclose(np.take_along_axis(every, rows, axis=1), scores, atol=1e-6)
    assert all(len(set(row)) == top for row in rows.tolist())


@KINDS
def test_where_there_are_fewer_offers_the_rest_is_empty(kind: Callable[[], Products]) -> None:
    asked, offered = unit_vectors(5, 3), unit_vectors(4, 4)
    rows, scores = kind().nearest(asked, offered, 6)
    assert (np.sort(rows[:, :4], axis=1) == np.arange(4)).all()
    assert (rows[:, 4:] == -1).all()
    assert np.isneginf(scores[:, 4:]).all()
    assert (kind().nearest(asked, offered[:0], 2)[0] == -1).all()


def test_offers_that_are_alike_come_in_the_order_of_their_rows() -> None:
    offered = np.repeat(unit_vectors(3, 5), 40, axis=0)
    rows, _ = BlasProducts().nearest(offered[:1], offered, 10)
    assert rows[0].tolist() == list(range(10))


def test_a_text_without_a_known_word_is_as_near_to_one_as_to_another() -> None:
    rows, scores = BlasProducts().nearest(np.zeros((9, 16), np.float32), unit_vectors(200, 6), 5)
    assert (rows >= 0).all()
    assert (scores == 0).all()


@pytest.mark.slow
def test_a_device_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(NoDevice, match=r"cuda:99.*MARKET_DEVICE"):
        open_products("cuda:99")
