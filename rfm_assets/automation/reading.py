"""What people are told of a run: why it failed, and which checks are red."""

from typing import TYPE_CHECKING

import dagster as dg

from rfm_assets import errors

_OURS = {name for name in vars(errors) if name.endswith("Error")}

if TYPE_CHECKING:
    from dagster_shared.error import SerializableErrorInfo


def root_cause(error: "SerializableErrorInfo") -> str:
    """What went wrong, without the layers around it: what we say of it and of the way out, or else what was first."""
    while error.cause and error.cls_name not in _OURS:
        error = error.cause
    return str(error.message).strip()


def is_red(found: dg.AssetCheckEvaluation) -> bool:
    """Whether a check found a promise of the pipeline broken; a warning about the source is not red."""
    return not found.passed and found.severity is dg.AssetCheckSeverity.ERROR


def name_of(found: dg.AssetCheckEvaluation) -> str:
    """The check with its table, such as `gold.customer_rfm key_is_unique`."""
    return f"{'.'.join(found.asset_key.path)} {found.check_name}"
