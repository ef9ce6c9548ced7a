"""Who is to be left out of campaigns: the customers of a file, each with the reason."""

import csv
from collections.abc import Mapping
from pathlib import Path

from rfm_assets.errors import PrivacyError

_HEADER = ["customer", "reason"]


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
            if header != _HEADER:
                raise PrivacyError(f"{file}, line 1: the header is {','.join(_HEADER)}, not {','.join(header)!r}")
            given = [(lines.line_num, [field.strip() for field in line]) for line in lines if any(line)]
    except OSError as error:
        message = f"cannot read {file}: {error.strerror}: correct RFM_SUPPRESS, or unset it to leave nobody out"
        raise PrivacyError(message) from None
    except UnicodeDecodeError:
        raise PrivacyError(f"{file} is not UTF-8: save it as CSV UTF-8") from None
    except csv.Error as error:
        raise PrivacyError(f"{file} is not a CSV file: {error}: save it as CSV UTF-8") from None
    for number, fields in given:
        if len(fields) != len(_HEADER) or not all(fields):
            way_out = "write a customer's id and a reason, such as 13085,opted out"
            raise PrivacyError(f"{file}, line {number}: {','.join(fields)!r}: {way_out}")
    return _by_id(file, given)


def _by_id(file: Path, given: list[tuple[int, list[str]]]) -> Mapping[str, str]:
    from rfm_assets.privacy.customer_rows import known_as, normalised

    reasons: dict[str, str] = {}
    ids = normalised(fields[0] for _, fields in given)
    for (number, (customer, reason)), known in zip(given, ids, strict=True):
        if known is None:
            raise PrivacyError(f"{file}, line {number}: {customer!r} means nobody: write a customer's id")
        for one in known_as([known]):
            reasons.setdefault(one, reason)
    return reasons
