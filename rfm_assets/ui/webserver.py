"""`rfm webserver`: Dagster's UI, with write access, for browsers on this machine."""

from pathlib import Path

import click

POLL_RATE = 2000  # milliseconds, as in `dagster-webserver`


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=3000, show_default=True, help="The port to listen on.")
@click.option(
    "--workspace",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default="workspace.yaml",
    show_default=True,
    help="The file that locates the code server.",
)
def webserver(host: str, port: int, workspace: Path) -> None:
    """Serve Dagster's UI to this machine, and refuse requests that pages of other origins make a browser send.

    This is `dagster-webserver` with a guard. Whatever address it listens on, browsers must open 127.0.0.1 or localhost.
    Needs DAGSTER_HOME; for people elsewhere, use `dagster-webserver --read-only` behind a login.
    """
    import uvicorn
    from dagster import DagsterInstance
    from dagster._core.workspace.context import WorkspaceProcessContext
    from dagster._core.workspace.load_target import WorkspaceFileTarget
    from dagster_webserver.cli import DEFAULT_DB_STATEMENT_TIMEOUT, DEFAULT_POOL_MAX_OVERFLOW, DEFAULT_POOL_RECYCLE
    from dagster_webserver.webserver import DagsterWebserver

    from rfm_assets.ui.same_origin import SameOrigin

    with (
        DagsterInstance.get() as instance,
        WorkspaceProcessContext(instance, workspace_load_target=WorkspaceFileTarget([str(workspace)])) as process,
    ):
        instance.optimize_for_webserver(DEFAULT_DB_STATEMENT_TIMEOUT, DEFAULT_POOL_RECYCLE, DEFAULT_POOL_MAX_OVERFLOW)
        click.echo(f"Dagster's UI is on http://{host}:{port}")
        uvicorn.run(
            SameOrigin(DagsterWebserver(process, live_data_poll_rate=POLL_RATE).create_asgi_app()),
            host=host,
            port=port,
            log_level="warning",
        )
