"""The figures of ml.cluster_summary and their rounding; names come from unrounded medians."""

import pytest

from rfm_assets.ml.summary import half_up, summarise
from rfm_assets_tests.ml.crowds import customer, customers


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.125, 0.13),
        (2.675, 2.68),
        (1.005, 1.01),
        (0.124999, 0.12),
        (-0.125, -0.13),
        (7.0, 7.0),
        (1e9 + 0.005, 1e9 + 0.01),
    ],
)
def test_exact_halves_are_rounded_away_from_zero_as_people_write_them(value: float, expected: float) -> None:
    assert half_up(value) == expected


def test_a_line_per_cluster_with_its_averages_and_medians() -> None:
    rows = customers(
        customer("C1", monetary=10.00, frequency=1, recency=1),
        customer("C2", monetary=10.01, frequency=2, recency=2),
        customer("C3", monetary=90.00, frequency=9, recency=9),
    )
    summary = summarise(rows.assign(Cluster=[0, 0, -1])).set_index("Cluster")
    assert summary.index.tolist() == [-1, 0]
    figures = [column for column in summary.columns if column.startswith(("Avg", "Med"))]
    assert figures == ["Avg_Monetary", "Med_Monetary", "Avg_Frequency", "Med_Frequency", "Avg_Recency", "Med_Recency"]
    assert summary.loc[0, figures].tolist() == [10.01, 10.01, 1.5, 1.5, 1.5, 1.5]
    assert summary.loc[-1, ["Count", *figures]].tolist() == [1, 90, 90, 9, 9, 9, 9]
    assert summary["Cluster_Description"].to_dict() == {-1: "Platinum At Risk", 0: "Bronze New"}
    assert summary["Cluster_Recommendation"].notna().all()


def test_names_compare_medians_before_they_are_rounded() -> None:
    # The median of cluster 1 is 10.005, above the overall 10.0: Silver, though both print as 10.01 or less.
    spend = [10.00, 10.01, 9.0, 9.5, 10.00]
    rows = customers(*(customer(f"C{number}", monetary=value) for number, value in enumerate(spend)))
    summary = summarise(rows.assign(Cluster=[1, 1, 0, 0, 0])).set_index("Cluster")
    assert summary.loc[1, "Cluster_Description"] == "Silver Dormant"


def test_no_customers_make_no_lines_but_typed_columns() -> None:
    summary = summarise(customers().assign(Cluster=[]).astype({"Cluster": "int32"}))
    assert summary.empty
    assert {name: str(kind) for name, kind in summary.dtypes.items()}["Count"] == "int64"
