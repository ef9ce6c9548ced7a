"""The same words mean the same number on every page, with and without a segment filter."""

from collections import defaultdict
from datetime import date, timedelta

import pytest

from rfm_assets.dashboard.app import PAGES
from rfm_assets_tests.dashboard.shop import LAST_DAY, cards, open_page

pytestmark = pytest.mark.slow

BY_SEGMENT = {page.name for page in PAGES if page.segments}


def numbers(day: date, days: int, segments: list[str]) -> dict[str, dict[str, str]]:
    """By label, the number on each page that has a card with that label."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for page in PAGES:
        if segments and page.name not in BY_SEGMENT:
            continue
        app = open_page(page.name, as_of=str(day), **({"segment": segments} if segments else {}))
        for key, choice in {"segments_period": f"{days} days", "movements_compared": f"{days} days before"}.items():
            if any(one.key == key for one in app.segmented_control):
                app.segmented_control(key=key).set_value(choice).run()
        assert not app.exception
        for label, value in cards(app).items():
            found[label][page.name] = value
    return found


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("day", [LAST_DAY, LAST_DAY - timedelta(days=1)])
@pytest.mark.parametrize(
    ("segments", "shared"),
    [
        ([], {"Customers": 3, "Bought in": 2, "New in": 2}),
        (["High Value - At Risk"], {"Customers": 2}),
        (["Base Value - Developing", "High Value - Active & Engaged"], {"Customers": 2, "Bought in": 2, "New in": 2}),
    ],
)
@pytest.mark.parametrize("days", [7, 30])
def test_the_same_words_are_the_same_number_on_every_page(
    day: date, segments: list[str], shared: dict[str, int], days: int
) -> None:
    found = numbers(day, days, segments)
    assert {label: values for label, values in found.items() if len(set(values.values())) > 1} == {}
    for label, pages in shared.items():
        assert len(found[f"{label} {days} days" if label.endswith(" in") else label]) == pages


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("page", "label", "meaning"),
    [
        ("segments", "New in 7 days", "first product bought"),
        ("movements", "New in 7 days", "first product bought"),
        ("growth", "New known customers in 30 days", "first purchase of any kind"),
    ],
)
def test_who_is_new_is_said_where_nearly_the_same_words_are_two_numbers(page: str, label: str, meaning: str) -> None:
    (card,) = (card for card in open_page(page).metric if card.label == label)
    assert meaning in card.help
