"""What people are told of a run: why it failed, and which checks are red."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import dagster as dg

from rfm_assets import errors
from rfm_assets.automation.room import SIGNS_OF_NO_ROOM, room

_BLOCKED = "DagsterAssetCheckFailedError"
_INTERRUPTED = {"DagsterExecutionInterruptedError", "KeyboardInterrupt"}
_OURS = {name for name in vars(errors) if name.endswith("Error")}

if TYPE_CHECKING:
    from dagster_shared.error import SerializableErrorInfo


def root_cause(error: "SerializableErrorInfo") -> str:
    """What went wrong, without the layers around it: what we say of it and of the way out, or else what was first.

    Where a disk is full, also which has how much room.
    """
    texts = []
    while error.cause and error.cls_name not in _OURS:
        texts.append(str(error.message))
        error = error.cause
    text = str(error.message).strip().removeprefix(f"rfm_assets.errors.{error.cls_name}: ")
    if any(sign in one for one in [*texts, text] for sign in SIGNS_OF_NO_ROOM):
        return f"{text}\nA disk is full: {room()}. Make room, or set another folder"
    return text


def cause_of(result: dg.ExecuteInProcessResult) -> str:
    """Why a run failed, from its first failed step: what red blocking checks found, or else the root of its error.

    Where no step failed, what Dagster says of the run.
    """
    failures = [event for event in result.all_events if event.is_failure]
    for event in failures:
        error = event.step_failure_data.error if event.is_step_failure else event.job_failure_data.error
        if error and _INTERRUPTED.intersection(error_names(error)):
            return "it was interrupted by a signal (SIGTERM, SIGINT or SIGHUP)"
        if error and _BLOCKED in error_names(error):
            return "\n".join(
                found_by(one) for one in result.get_asset_check_evaluations() if is_red(one) and one.blocking
            )
        where = f"{event.step_key.replace('__', '.')}: " if event.step_key else ""
        return f"{where}{root_cause(error) if error else event.message}"
    return "it did not come to its end"


def error_names(error: "SerializableErrorInfo | None") -> Iterator[str]:
    """The class of an error and of each that it came from."""
    while error:
        yield str(error.cls_name)
        error = error.cause


def is_red(found: dg.AssetCheckEvaluation) -> bool:
    """Whether a check found a promise of the pipeline broken; a warning about the source is not red."""
    return not found.passed and found.severity is dg.AssetCheckSeverity.ERROR


def name_of(found: dg.AssetCheckEvaluation) -> str:
    """The check with its table, such as `gold.customer_rfm key_is_unique`."""
    return f"{'.'.join(found.asset_key.path)} {found.check_name}"


def found_by(check: dg.AssetCheckEvaluation) -> str:
    """What a red check found, as people are told: its name, how much, and the way out, but no row."""
    return f"{name_of(check)}: {check.description}"
