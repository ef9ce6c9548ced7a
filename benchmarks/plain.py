"""Runs plain.sql on a folder of daily files, into a fresh database in the working directory."""

import os
import sys
from pathlib import Path

import duckdb

memory_limit = os.environ.get("RFM_MEMORY_LIMIT", "2GB")
database = Path("plain.duckdb")
database.unlink(missing_ok=True)
with duckdb.connect(str(database), config={"memory_limit": memory_limit}) as connection:
    connection.execute("SET VARIABLE files = ?", [sorted(str(path) for path in Path(sys.argv[1]).glob("*.csv"))])
    connection.execute(Path(__file__).with_name("plain.sql").read_text())
