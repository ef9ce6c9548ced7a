"""Uploads a source's daily files to the landing zone: each once, complete, and verified on arrival.

A day's file goes to `<target>/D/D_transactions.csv`, in a bucket or in a folder. Does not import Dagster: the uploader
runs at the source, each morning.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from rfm_assets.landing.upload_targets import DailyFile, Target, name_of


class Outcome(StrEnum):
    """The outcome of a day."""

    SENT = "sent"
    ALREADY_THERE = "already there"
    NO_FILE = "no file"
    FAILED = "failed"


@dataclass(frozen=True)
class Delivery:
    """A day, its outcome, and where its file is now or what went wrong."""

    day: date
    outcome: Outcome
    detail: str


def upload_days(source: Path, target: Target, first: date, last: date) -> Iterator[Delivery]:
    """Uploads the files in `source` for the days from `first` to `last`, and reports on each day.

    Days without a file are skipped, but the last day must have one. An unreadable file does not hold up others.

    Raises:
        LandingError: when the target cannot be read or written: the next file would fail, too.
    """
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        try:
            file = DailyFile.at(source / name_of(day), day)
        except FileNotFoundError as error:
            outcome = Outcome.FAILED if day == last else Outcome.NO_FILE
            yield Delivery(day, outcome, f"{error.filename} does not exist")
        except OSError as error:
            yield Delivery(day, Outcome.FAILED, f"cannot read {error.filename}: {error.strerror}")
        else:
            there = target.holds(file)
            if not there:
                target.put(file)
            yield Delivery(day, Outcome.ALREADY_THERE if there else Outcome.SENT, target.address_of(day))
