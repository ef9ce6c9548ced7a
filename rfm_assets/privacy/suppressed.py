"""Reads suppressed customers, who are left out of campaigns, from a file of ids and reasons."""

import csv
from collections.abc import Mapping
from pathlib import Path

from rfm_assets.errors import PrivacyError

HEADER = ["customer", "reason"]
OPTED_OUT = "opted out"
"""The reason for customers who opted out of marketing according to exports."""


def suppressed_customers(file: Path | None) -> Mapping[str, str]:
    """The reason for each customer in the file that RFM_SUPPRESS names, by the id in silver.

    Aliases of a customer are suppressed, too. The first reason counts if a customer is listed twice. Without a file,
    nobody is suppressed.

    Raises:
        PrivacyError: when the file cannot be read, or a line lacks the customer or the reason; names the line.
    """
    if file is None:
        return {}
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            lines = csv.reader(opened, strict=True)
            header = [name.strip().lower() for name in next(lines, [])]
            if header != HEADER:
                raise PrivacyError(f"{file}, line 1: the header is {','.join(HEADER)}, not {','.join(header)!r}")
            given = [(lines.line_num, [field.strip() for field in line]) for line in lines if any(line)]
    except OSError as error:
        message = f"cannot read {file}: {error.strerror}: correct RFM_SUPPRESS, or unset it to suppress nobody"
        raise PrivacyError(message) from None
    except UnicodeDecodeError:
        raise PrivacyError(f"{file} is not UTF-8: save it as CSV UTF-8") from None
    except csv.Error as error:
        raise PrivacyError(f"{file} is not a CSV file: {error}: save it as CSV UTF-8") from None
    for number, fields in given:
        if len(fields) != len(HEADER) or not all(fields):
            way_out = "write a customer id and a reason, such as 13085,opted out"
            raise PrivacyError(f"{file}, line {number}: {','.join(fields)!r}: {way_out}")
    return _by_id(file, given)


def opted_out_customers(file: Path) -> set[str]:
    """Customers who opted out of marketing according to exports, as `rfm land` lists them, by the ids in silver.

    Raises:
        PrivacyError: when the list cannot be read.
    """
    from rfm_assets.privacy.customer_rows import known_as, normalised

    if not file.exists():
        return set()
    try:
        with file.open(encoding="utf-8", newline="") as opened:
            ids = [fields[0] for fields in list(csv.reader(opened))[1:]]
    except (OSError, UnicodeDecodeError, IndexError) as error:
        message = f"cannot read {file}, the list of opted-out customers: {error}; `rfm land` writes it again"
        raise PrivacyError(message) from None
    return known_as(one for one in normalised(ids) if one is not None)


def _by_id(file: Path, given: list[tuple[int, list[str]]]) -> Mapping[str, str]:
    from rfm_assets.privacy.customer_rows import known_as, normalised

    reasons: dict[str, str] = {}
    ids = normalised(fields[0] for _, fields in given)
    for (number, (customer, reason)), known in zip(given, ids, strict=True):
        if known is None:
            raise PrivacyError(f"{file}, line {number}: {customer!r} names no customer: write a customer id")
        for one in known_as([known]):
            reasons.setdefault(one, reason)
    return reasons
