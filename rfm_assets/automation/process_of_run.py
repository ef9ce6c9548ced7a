"""The process of a run: how other processes see that it is alive, and how it ends."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import dagster as dg
from dagster import _check as check
from dagster._core.execution.context.system import PlanOrchestrationContext
from dagster._core.execution.plan.plan import ExecutionPlan
from dagster._core.executor.in_process import InProcessExecutor

from rfm_assets.automation.run_tags import missing_tags
from rfm_assets.owners import own
from rfm_assets.scratch import sweep

_log = logging.getLogger(__name__)


def owned_runs(instance: dg.DagsterInstance) -> Path:
    """The folder with a file per run, owned by the run's process; beside Dagster's other files."""
    return Path(instance.root_directory) / "rfm_runs"


def own_run(instance: dg.DagsterInstance, run_id: str) -> None:
    """Marks a run as owned by this process until the process ends.

    Raises:
        OSError: when the folder cannot be written.
    """
    folder = owned_runs(instance)
    folder.mkdir(parents=True, exist_ok=True)
    own(folder / run_id)  # never closed: the run ends before its process does


def end_at_hangup() -> None:
    """Makes SIGHUP, sent when a terminal closes, end this process as SIGTERM does; not under `nohup`."""
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, _hang_up)


def _hang_up(_signal: int, _frame: FrameType | None) -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream.isatty():  # a closed terminal: writing to it would raise again
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    os.kill(os.getpid(), signal.SIGTERM)


class _OneProcess(InProcessExecutor):
    """Dagster's in-process executor, in a process that others can check."""

    def execute(
        self, plan_context: PlanOrchestrationContext, execution_plan: ExecutionPlan
    ) -> Iterator[dg.DagsterEvent]:
        end_at_hangup()
        sweep()
        run = plan_context.dagster_run
        try:
            own_run(plan_context.instance, run.run_id)
        except OSError as error:
            _log.warning("whether run %s has its process cannot be seen by others: %s", run.run_id, error)
        plan_context.instance.add_run_tags(run.run_id, missing_tags(run.tags))
        yield from super().execute(plan_context, execution_plan)


def _one_process(context: dg.InitExecutorContext) -> InProcessExecutor:
    stock = check.not_none(dg.in_process_executor.executor_creation_fn)(context)
    return _OneProcess(check.inst(stock, InProcessExecutor).retries, stock.step_dependency_config)


one_process = dg.ExecutorDefinition(
    name="in_process",
    config_schema=dg.in_process_executor.config_schema.as_field(),
    executor_creation_fn=_one_process,
    description="Runs all steps of a run in one process, and lets other processes see that it is alive.",
)
