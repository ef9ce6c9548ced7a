"""The UI's links to an asset's code.

Dagster's own `with_source_code_references` would link to the step that `table_asset` wraps around every table.
"""

import warnings
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import dagster as dg

import rfm_assets
from rfm_assets.contracts import Table
from rfm_assets.settings import settings

_REPOSITORY = Path(rfm_assets.__file__).parents[1]


def code_references(function: Callable[..., Any], table: Table | None = None) -> dict[str, Any]:
    """Metadata that links to an asset's function and, if the table has one, its `.sql` file."""
    places = [(Path(function.__code__.co_filename), function.__code__.co_firstlineno)]
    if table is not None:
        statement = Path(str(files(f"rfm_assets.{table.schema}"))) / f"{table.address.split('.')[1]}.sql"
        places += [(statement, 1)] if statement.is_file() else []
    with warnings.catch_warnings(action="ignore", category=dg.BetaWarning):
        references = dg.CodeReferencesMetadataValue(code_references=[_reference(file, line) for file, line in places])
    return {"dagster/code_references": references}


def _reference(file: Path, line: int) -> dg.LocalFileCodeReference | dg.UrlCodeReference:
    """A line of a file at RFM_CODE_URL, by default on this machine."""
    path = file.relative_to(_REPOSITORY).as_posix()
    if base := settings().code_url:
        return dg.UrlCodeReference(url=f"{base.rstrip('/')}/{path}#L{line}", label=path)
    return dg.LocalFileCodeReference(file_path=str(file), line_number=line, label=path)
