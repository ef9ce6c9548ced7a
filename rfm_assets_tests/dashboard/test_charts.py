"""Every chart comes with its data as a table and with colours for each theme."""

import pandas as pd

from rfm_assets.dashboard import palette
from rfm_assets.dashboard.chart_table import chart_data, chart_text
from rfm_assets.dashboard.figures.growth import new_customers
from rfm_assets.dashboard.figures.movements import joined_and_left, sankey
from rfm_assets_tests.dashboard.test_movements import BASE, FLOWS, HIGH


def test_the_table_of_a_chart_over_time_has_a_line_for_each_day() -> None:
    days = pd.DataFrame({"day": pd.to_datetime(["2025-01-01", "2025-01-02"]), "new_customers": [1200, 3]})
    assert chart_data(new_customers(days)) == {"Date": ["2025-01-01", "2025-01-02"], "New": [1200, 3]}
    assert [chart_text(number) for number in (1200, 3.25, None)] == ["1,200", "3.25", None]


def test_the_table_of_bars_to_both_sides_has_a_column_for_each_side_of_a_cause() -> None:
    table = chart_data(joined_and_left(FLOWS, [HIGH, BASE]))
    assert table["Name"] == ["High · Active", "Base · Inactive"]
    assert table["Ordered, joined"] == [7, 0]
    assert table["Ordered, left"] == [0, -7]


def test_the_table_of_a_flow_has_a_line_for_each_band() -> None:
    table = chart_data(sankey(FLOWS[FLOWS["from_segment"] != FLOWS["to_segment"]]))
    assert dict(zip(zip(table["From"], table["To"], strict=True), table["Customers"], strict=True)) == {
        ("High · Active", "Base · Inactive"): 5,
        ("Base · Inactive", "High · Active"): 7,
        ("New customer", "Base · Inactive"): 4,
    }


def test_every_colour_has_a_dark_twin_of_its_own() -> None:
    for colours in (palette.SERIES, tuple(palette.SEGMENT_COLOURS.values())):
        assert len({palette.DARK[colour] for colour in colours}) == len(colours)
    assert set(palette.SHARED.values()) <= set(palette.DARK)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, by WCAG 2.2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_texts_stand_out_in_both_themes() -> None:
    for ink in (palette.INK, palette.MUTED, palette.LINK, palette.GOOD, palette.BAD):
        assert contrast(ink, palette.GROUND) >= 4.5
        assert contrast(palette.DARK[ink], palette.DARK[palette.GROUND]) >= 4.5
    for shade in (palette.LITTLE, palette.MUCH):
        assert contrast(palette.INK, shade) >= 4.5
        assert contrast(palette.DARK[palette.INK], palette.DARK[shade]) >= 4.5
