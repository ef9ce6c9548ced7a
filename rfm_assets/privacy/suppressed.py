"""Who is to be left out of campaigns: the customers of a file, each with the reason."""

import csv
from collections.abc import Mapping
from pathlib import Path

from rfm_assets.errors import PrivacyError

HEADER = ["customer", "reason"]
OPTED_OUT = "opted out"
"""The reason of who does not accept marketing, as exports say."""


def suppressed_customers(file: Path | None) -> Mapping[str, str]:
    """The reason for each customer of the file that RFM_SUPPRESS names, by the id that silver makes of it.

    Every alias of such a customer has it, too. One who is listed twice has the first reason. Without a file nobody is
    left out.

    Raises:
        PrivacyError: when it cannot be read, or a line lacks the customer or the reason; names the line.
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
        message = f"cannot read {file}: {error.strerror}: correct RFM_SUPPRESS, or unset it to leave nobody out"
        raise PrivacyError(message) from None
    except UnicodeDecodeError:
        raise PrivacyError(f"{file} is not UTF-8: save it as CSV UTF-8") from None
    except csv.Error as error:
        raise PrivacyError(f"{file} is not a CSV file: {error}: save it as CSV UTF-8") from None
    for number, fields in given:
        if len(fields) != len(HEADER) or not all(fields):
            way_out = "write a customer's id and a reason, such as 13085,opted out"
            raise PrivacyError(f"{file}, line {number}: {','.join(fields)!r}: {way_out}")
    return _by_id(file, given)


def opted_out_customers(file: Path) -> set[str]:
    """Who does not accept marketing by what exports say, as `rfm land` lists them, by the ids that silver makes.

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
        message = f"cannot read {file}, which says who opted out: {error}; `rfm land` writes it again"
        raise PrivacyError(message) from None
    return known_as(one for one in normalised(ids) if one is not None)


def _by_id(file: Path, given: list[tuple[int, list[str]]]) -> Mapping[str, str]:
    from rfm_assets.privacy.customer_rows import known_as, normalised

    reasons: dict[str, str] = {}
    ids = normalised(fields[0] for _, fields in given)
    for (number, (customer, reason)), known in zip(given, ids, strict=True):
        if known is None:
            raise PrivacyError(f"{file}, line {number}: {customer!r} names no customer: write a customer's id")
        for one in known_as([known]):
            reasons.setdefault(one, reason)
    return reasons
