"""The process that works at a run: which one it is, and how it ends."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType

import dagster as dg
from dagster import _check as check
from dagster._core.execution.context.system import PlanOrchestrationContext
from dagster._core.execution.plan.plan import ExecutionPlan
from dagster._core.executor.in_process import InProcessExecutor

from rfm_assets.automation.run_tags import missing_tags
from rfm_assets.processes import Process
from rfm_assets.scratch import sweep

PROCESS = ".dagster/rfm_process"  # with this prefix, the UI does not show it


def tag_process(run_id: str) -> dict[str, str]:
    """The tag that names this process as the one that works at a run."""
    return {PROCESS: f"{run_id} {Process.this().encode()}"}


def process_of(run: dg.DagsterRun) -> Process | None:
    """The process that works at a run, if it is known; a run that is tried again comes with its parent's tag."""
    run_id, _, process = run.tags.get(PROCESS, "").partition(" ")
    return Process.decode(process) if run_id == run.run_id else None


def end_at_hangup() -> None:
    """Has SIGHUP, such as of a terminal that is closed, end this process as SIGTERM does; not under `nohup`."""
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, _hang_up)


def _hang_up(_signal: int, _frame: FrameType | None) -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream.isatty():  # a closed terminal: writing to it would be the next error
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    os.kill(os.getpid(), signal.SIGTERM)


class _OneProcess(InProcessExecutor):
    """Dagster's own executor, in a process that can be found again."""

    def execute(
        self, plan_context: PlanOrchestrationContext, execution_plan: ExecutionPlan
    ) -> Iterator[dg.DagsterEvent]:
        end_at_hangup()
        sweep()
        run = plan_context.dagster_run
        plan_context.instance.add_run_tags(run.run_id, missing_tags(run.tags) | tag_process(run.run_id))
        yield from super().execute(plan_context, execution_plan)


def _one_process(context: dg.InitExecutorContext) -> InProcessExecutor:
    stock = check.not_none(dg.in_process_executor.executor_creation_fn)(context)
    return _OneProcess(check.inst(stock, InProcessExecutor).retries, stock.step_dependency_config)


one_process = dg.ExecutorDefinition(
    name="in_process",
    config_schema=dg.in_process_executor.config_schema.as_field(),
    executor_creation_fn=_one_process,
    description="All steps of a run in one process, whose host, pid and start are in the run's tags.",
)
