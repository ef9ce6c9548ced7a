"""What a run reports to people: why it failed, and which checks are red."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import dagster as dg

from rfm_assets import errors
from rfm_assets.automation.disk_space import advice

_BLOCKED = "DagsterAssetCheckFailedError"
_INTERRUPTED = {"DagsterExecutionInterruptedError", "KeyboardInterrupt"}
_OURS = {name for name in vars(errors) if name.endswith("Error")}

if TYPE_CHECKING:
    from dagster_shared.error import SerializableErrorInfo


def root_cause(error: "SerializableErrorInfo") -> str:
    """What went wrong, without the errors wrapped around it: our own error if there is one, else the first cause.

    If a disk is full, also the free space of each folder.
    """
    texts = []
    while error.cause and error.cls_name not in _OURS:
        texts.append(str(error.message))
        error = error.cause
    text = str(error.message).strip().removeprefix(f"rfm_assets.errors.{error.cls_name}: ")
    return "\n".join(filter(None, [text, advice(*texts, text)]))


def cause_of(result: dg.ExecuteInProcessResult) -> str:
    """Why a run failed, from its first failed step: what red blocking checks found, else the root cause of its error.

    If no step failed, Dagster's own message about the run.
    """
    failures = [event for event in result.all_events if event.is_failure]
    for event in failures:
        error = event.step_failure_data.error if event.is_step_failure else event.job_failure_data.error
        if error and _INTERRUPTED.intersection(error_names(error)):
            return "it was interrupted by a signal (SIGTERM, SIGINT or SIGHUP)"
        if was_stopped_by_check(error):
            blocking = [one for one in result.get_asset_check_evaluations() if one.blocking]
            return "\n".join(one.line for one in findings(blocking) if one.is_red)
        where = f"{event.step_key.replace('__', '.')}: " if event.step_key else ""
        return f"{where}{root_cause(error) if error else event.message}"
    return "it did not finish"


def was_stopped_by_check(error: "SerializableErrorInfo | None") -> bool:
    """Whether a step failed because a blocking check in it was red."""
    return _BLOCKED in error_names(error)


def error_names(error: "SerializableErrorInfo | None") -> Iterator[str]:
    """The class names of an error and of its causes."""
    while error:
        yield str(error.cls_name)
        error = error.cause


def is_red(found: dg.AssetCheckEvaluation) -> bool:
    """Whether the pipeline broke a promise; a warning about the source is not red."""
    return not found.passed and found.severity is dg.AssetCheckSeverity.ERROR


class Finding(NamedTuple):
    """A failed check: its name with its table, whether it is red, and what it found."""

    name: str
    is_red: bool
    text: str

    @property
    def line(self) -> str:
        """The check as shown to people: name, count and way out, but no rows."""
        return f"{self.name}: {self.text}"


def findings(evaluations: Iterable[dg.AssetCheckEvaluation]) -> Sequence[Finding]:
    """The failed checks among evaluations, one finding per check; results by day are summed up."""
    reports: dict[str, list[dg.AssetCheckEvaluation]] = {}
    for found in evaluations:
        reports.setdefault(name_of(found), []).append(found)
    broken = {name: [one for one in of_check if not one.passed] for name, of_check in reports.items()}
    return [
        Finding(name, any(map(is_red, of_check)), _summed_up(of_check, by_day=len(reports[name]) > 1))
        for name, of_check in broken.items()
        if of_check
    ]


def _summed_up(broken: Sequence[dg.AssetCheckEvaluation], *, by_day: bool) -> str:
    rows = [int(str(found.metadata["failed"].value)) for found in broken]
    worst = broken[rows.index(max(rows))]
    if not by_day:
        return str(worst.description)
    if len(broken) == 1:
        return f"on {worst.partition}, {worst.description}"
    return f"{sum(rows):,} break it on {len(broken):,} days; most on {worst.partition}: {worst.description}"


def name_of(found: dg.AssetCheckEvaluation) -> str:
    """The check with its table, such as `gold.customer_rfm key_is_unique`."""
    return f"{'.'.join(found.asset_key.path)} {found.check_name}"
