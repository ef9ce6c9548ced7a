"""Holds what people are told of a failure to the way out that we give, where there is one."""

from dagster_shared.error import SerializableErrorInfo

from rfm_assets.automation.reading import root_cause

RAW = SerializableErrorInfo("IOException: not a valid file\n", [], "IOException")


def in_a_step(cause: SerializableErrorInfo) -> SerializableErrorInfo:
    return SerializableErrorInfo("Error occurred while executing", [], "DagsterExecutionStepExecutionError", cause)


def test_what_we_say_of_an_error_counts_and_not_what_it_came_from() -> None:
    ours = SerializableErrorInfo("WarehouseError: set RFM_WAREHOUSE", [], "WarehouseError", RAW)
    assert root_cause(in_a_step(ours)) == "WarehouseError: set RFM_WAREHOUSE"


def test_of_any_other_error_the_first_cause_counts() -> None:
    assert root_cause(in_a_step(in_a_step(RAW))) == "IOException: not a valid file"
