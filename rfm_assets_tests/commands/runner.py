"""Runs a command of `rfm` in this process."""

from click.testing import CliRunner, Result

from rfm_assets.commands.main import main


def rfm(*arguments: str) -> Result:
    """What the command has printed, and its exit code."""
    return CliRunner().invoke(main, arguments)
