"""A logger for the terminal: a line as each step ends, with the findings of its checks."""

import logging

import click
import dagster as dg

from rfm_assets.automation.run_outcomes import findings, root_cause, was_stopped_by_check


class _Teller(logging.Handler):
    """Prints the few events of a run that people wait for."""

    def __init__(self) -> None:
        super().__init__()
        self._found: list[dg.AssetCheckEvaluation] = []

    def emit(self, record: logging.LogRecord) -> None:
        event: dg.DagsterEvent | None = getattr(record, "dagster_meta", {}).get("dagster_event")
        if event is None:
            said = str(getattr(record, "dagster_meta", {}).get("orig_message"))
            # An asset's own messages, such as which files it refuses; not that later steps wait.
            if record.levelno >= logging.ERROR and not said.startswith("Dependencies for step"):
                click.echo(click.style(f"    {said}", fg="red"))
        elif event.is_step_success:
            self._tell_checks()
            seconds = event.step_success_data.duration_ms / 1000
            click.echo(f"{seconds:7.1f} s  {_name(event)}")
        elif event.event_type is dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            self._found.append(event.asset_check_evaluation_data)
        elif event.is_step_failure:
            self._tell_checks()
            error = event.step_failure_data.error
            reason = "a red check stops what is downstream" if was_stopped_by_check(error) else ""
            reason = reason or (root_cause(error) if error else "")
            click.echo(click.style(f"   FAILED  {_name(event)}: {reason}", fg="red"), err=True)

    def _tell_checks(self) -> None:
        for found in findings(self._found):
            text = f"    {'ERROR' if found.is_red else 'WARN':>6}  {found.line}"
            indented = text.replace("\n", f"\n{' ' * 12}")
            click.echo(click.style(indented, fg="red" if found.is_red else "yellow"))
        self._found.clear()


def _name(event: dg.DagsterEvent) -> str:
    return (event.step_key or "").replace("__", ".")


def _logger(_context: dg.InitLoggerContext) -> logging.Logger:
    logger = logging.Logger("rfm.progress")  # noqa: LOG001 - a run's own logger, not one of the process
    logger.addHandler(_Teller())
    return logger


progress = dg.LoggerDefinition(_logger, description="One line a step, for people at a terminal.")
