"""`rfm dashboard`: Streamlit over the shell."""

from importlib.util import find_spec
from pathlib import Path

import click

from rfm_assets.errors import CopyMissingError, SettingError
from rfm_assets.publishing import reader
from rfm_assets.settings import settings

APP = Path(__file__).parents[1] / "dashboard" / "app.py"


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def dashboard(options: tuple[str, ...]) -> None:
    """Open the dashboard of the published copy in RFM_PUBLISHED, on http://127.0.0.1:8501.

    OPTIONS are passed to `streamlit run`, such as --server.port 9000.
    """
    if not find_spec("streamlit"):
        raise SettingError("the dashboard needs the extra `dashboard`: `make dashboard` installs it")
    from streamlit.web.cli import main

    try:
        reader.version(settings().published)
    except CopyMissingError as error:
        click.echo(f"The pages will be empty: {error}. A copy published later appears without a restart.", err=True)
    main(["run", str(APP), *options], prog_name="rfm dashboard")
