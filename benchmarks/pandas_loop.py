"""Makes gold as a plain pandas script would, a day at a time, and compares its last day with a warehouse.

    python benchmarks/pandas_loop.py path/to/daily/files [path/to/warehouse.duckdb]

Each day's files are read and cleaned, added to all the sales so far, and grouped by customer anew. The snapshots of all
days end up in Parquet files in the working directory.
"""

import sys
import time
from collections.abc import Mapping
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from rfm_assets.delivered import FIRST_INVOICE_DATE, NO_VALUE_WORDS
from rfm_assets.gold.segments import RECOMMENDATIONS

FRAMES = ("customer_rfm", "segment_thresholds", "customer_segments", "segment_summary")
PENNIES = ["Monetary", "Avg_Monetary", "Med_Monetary", "Total_Revenue"]


def half_up(values: pd.Series) -> pd.Series:
    """Rounds to a whole number, halves upwards; what is left of a binary fraction is none."""
    return np.floor(values.round(6) + 0.5)


def sales_of(path: Path) -> pd.DataFrame:
    """A day's valid product sales of known customers: what silver keeps and gold counts."""
    lines = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""], on_bad_lines="skip")
    quantity = pd.to_numeric(lines["Quantity"], errors="coerce")
    pennies = half_up(100 * pd.to_numeric(lines["Price"], errors="coerce"))
    customer = lines["Customer ID"].str.strip()
    sales = pd.DataFrame(
        {
            "InvoiceNo": lines["Invoice"].str.strip(),
            "CustomerID": customer.mask(customer.str.lower().isin(["", *NO_VALUE_WORDS])).str.replace(
                r"^(\d+)\.0$", r"\1", regex=True
            ),
            "InvoiceDate": pd.to_datetime(lines["InvoiceDate"].str[:10], format="%Y-%m-%d", errors="coerce"),
            "pennies": quantity * pennies,
        }
    )
    valid = (
        sales["InvoiceNo"].str.len().isin([6, 7])
        & (quantity > 0)
        & (pennies >= 0)
        & sales["InvoiceDate"].between(str(FIRST_INVOICE_DATE), path.name[:10])
        & sales["CustomerID"].notna()
        & ~sales["InvoiceNo"].str.fullmatch(r"[cC]\d+", na=False)
        & lines["StockCode"].str.strip().str.fullmatch(r"\d{5}[a-zA-Z]*|PADS", na=False)
    )
    return sales[valid]


def snapshot(sales: pd.DataFrame, day: pd.Timestamp) -> dict[str, pd.DataFrame]:
    """Gold's four tables as of a day, money in pennies."""
    rfm = sales.groupby("CustomerID").agg(
        MaxInvoiceDate=("InvoiceDate", "max"), Frequency=("InvoiceNo", "nunique"), Monetary=("pennies", "sum")
    )
    rfm.insert(1, "Recency", (day - rfm["MaxInvoiceDate"]).dt.days)
    middle = rfm[["Monetary", "Frequency", "Recency"]].median()
    segments = rfm.drop(columns="MaxInvoiceDate").assign(segment=segments_of(rfm, middle))
    segments["recommendation"] = segments["segment"].map(RECOMMENDATIONS)
    thresholds = middle.add_prefix("median_").to_frame().T.assign(customers=len(rfm))
    tables = (rfm.reset_index(), thresholds, segments.reset_index(), summary_of(segments))
    return {name: table.assign(as_of_date=day) for name, table in zip(FRAMES, tables, strict=True)}


def segments_of(rfm: pd.DataFrame, middle: pd.Series) -> np.ndarray:
    """The segment of each customer."""
    above, recent = rfm["Frequency"] > middle["Frequency"], rfm["Recency"] < middle["Recency"]
    value = np.select(
        [rfm["Monetary"] > 2 * middle["Monetary"], rfm["Monetary"] > middle["Monetary"]],
        ["High Value", "Growing Value"],
        "Base Value",
    ).astype(object)
    engagement = np.select([above & recent, above, recent], ["Active & Engaged", "At Risk", "Developing"], "Inactive")
    return value + " - " + engagement.astype(object)


def summary_of(segments: pd.DataFrame) -> pd.DataFrame:
    """Size, averages and revenue of each segment."""
    of_segment = segments.groupby(["segment", "recommendation"])
    summary = of_segment.agg(Customer_Count=("Monetary", "size"), Total_Revenue=("Monetary", "sum"))
    for name, unit in (("Monetary", 1), ("Frequency", 100), ("Recency", 100)):
        summary[f"Avg_{name}"] = half_up(unit * of_segment[name].sum() / summary["Customer_Count"]) / unit
        middle = of_segment[name].median()
        summary[f"Med_{name}"] = half_up(middle) if name == "Monetary" else middle
    for share, of in (("Pct_of_Customers", "Customer_Count"), ("Pct_of_Revenue", "Total_Revenue")):
        summary[share] = half_up(10_000 * summary[of] / summary[of].sum()) / 100
    return summary.reset_index()


def compare(last: Mapping[str, pd.DataFrame], warehouse: Path) -> None:
    """Ends the program where a value of the last day differs from the warehouse's."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for name, frame in last.items():
            ours = frame.rename(columns={"segment": "Segment"} if name == "segment_summary" else {})
            ours = ours.assign(**{column: ours[column] / 100 for column in PENNIES if column in ours})
            if name == "segment_thresholds":
                ours = ours.rename(columns=str.lower).assign(median_monetary=ours["median_Monetary"] / 100)
            connection.register("ours", ours)
            columns = ", ".join(f"CAST({column} AS VARCHAR)" for column in ours if ours[column].dtype == object)
            numbers = ", ".join(f"round(CAST({column} AS DOUBLE), 4)" for column in ours.select_dtypes("number"))
            chosen = ", ".join(part for part in (columns, numbers) if part)
            day = f"as_of_date = DATE '{frame['as_of_date'].iloc[0].date()}'"
            sides = (f"SELECT {chosen} FROM ours", f"SELECT {chosen} FROM gold.{name} WHERE {day}")
            for one, other in (sides, sides[::-1]):
                if rows := connection.execute(f"{one} EXCEPT ALL {other} LIMIT 3").fetchall():
                    sys.exit(f"gold.{name} differs on its last day: {rows}")


def main() -> None:
    """Reads, computes, writes, compares."""
    begun = time.perf_counter()
    so_far: list[pd.DataFrame] = []
    made: dict[str, list[pd.DataFrame]] = {name: [] for name in FRAMES}
    for path in sorted(Path(sys.argv[1]).glob("*.csv")):
        so_far.append(sales_of(path))
        for name, frame in snapshot(pd.concat(so_far), pd.Timestamp(path.name[:10])).items():
            made[name].append(frame)
    for name, frames in made.items():
        pd.concat(frames).to_parquet(f"{name}.parquet")
    print(f"{len(so_far)} days, {sum(map(len, so_far)):,} sales in {time.perf_counter() - begun:.1f} s")
    if len(sys.argv) > 2:  # noqa: PLR2004
        compare({name: frames[-1] for name, frames in made.items()}, Path(sys.argv[2]))
        print("the last day is equal to the warehouse's")


if __name__ == "__main__":
    main()
