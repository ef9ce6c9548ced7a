"""Customers for the tests: a few stated one by one, or a seeded crowd with a real shop's heavy tails."""

from datetime import date

import numpy as np
import pandas as pd

DAY = date(2026, 1, 31)


def customer(name: str = "C1", monetary: float = 100.0, frequency: int = 1, recency: int = 10) -> dict[str, object]:
    return {
        "CustomerID": name,
        "MaxInvoiceDate": pd.Timestamp(DAY) - pd.Timedelta(days=recency),
        "Recency": recency,
        "Frequency": frequency,
        "Monetary": monetary,
    }


def customers(*rows: dict[str, object]) -> pd.DataFrame:
    types = {"CustomerID": "object", "MaxInvoiceDate": "datetime64[s]", "Recency": "int32", "Frequency": "int64"}
    return pd.DataFrame(list(rows), columns=[*types, "Monetary"]).astype(types | {"Monetary": "float64"})


def crowd(count: int, *, seed: int = 1) -> pd.DataFrame:
    """Customers whose spend and orders have a long tail, so that all outlier classes occur."""
    draw = np.random.default_rng(seed)
    frequency = 1 + draw.negative_binomial(0.6, 0.15, count)
    monetary = np.round(frequency * np.exp(draw.normal(4.5, 1, count)), 2)
    recency = draw.integers(0, 300, count)
    rows = zip(monetary, frequency, recency, strict=True)
    return customers(*(customer(f"{number:05d}", *row) for number, row in enumerate(rows, start=10_000)))
