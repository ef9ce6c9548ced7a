"""`rfm`: the pipeline's own command line. Dagster's commands do everything else."""

from typing import Any

import click

from rfm_assets.commands.config import config
from rfm_assets.commands.dashboard import dashboard
from rfm_assets.commands.erase import erase
from rfm_assets.commands.export_customer import export_customer
from rfm_assets.commands.init import init
from rfm_assets.commands.land import land
from rfm_assets.commands.online_retail import fetch_online_retail, split
from rfm_assets.commands.policy import policy
from rfm_assets.commands.profile import profile
from rfm_assets.commands.refresh import refresh
from rfm_assets.commands.sample import sample
from rfm_assets.commands.sql import sql
from rfm_assets.commands.upload import upload
from rfm_assets.errors import RfmError
from rfm_assets.ui.dev import dev
from rfm_assets.ui.webserver import webserver


class _Group(click.Group):
    """A group whose commands end in a message, not a traceback, if the user can fix the cause."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        try:
            return super().invoke(ctx)
        except RfmError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Group)
@click.version_option(package_name="rfm-assets")
def main() -> None:
    """From daily retail transactions to trusted RFM customer segments."""


main.add_command(config)
main.add_command(dashboard)
main.add_command(dev)
main.add_command(init)
main.add_command(erase)
main.add_command(export_customer)
main.add_command(land)
main.add_command(profile)
main.add_command(webserver)
main.add_command(policy)
main.add_command(refresh)
main.add_command(sample)
main.add_command(sql)
main.add_command(upload)
main.add_command(fetch_online_retail)
main.add_command(split)
