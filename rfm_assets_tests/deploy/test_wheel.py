"""The wheel alone takes a shop from `rfm init` to segments, in an environment without a checkout."""

import csv
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e

PROJECT = Path(__file__).parents[2]
FIRST = date(2017, 5, 1)


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of a new environment with the wheel and this one's dependencies, but not its editable package.

    A `.pth` file adds the dependencies' folder only; the `.pth` in there that makes the package editable is not read.
    """
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(PROJECT / "rfm_assets", folder / "source" / "rfm_assets")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(PROJECT / name, folder / "source")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = ["wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder, folder / "source"]
    subprocess.run([*pip, *build], check=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", with_pip=False)
    programs = folder / "venv" / "bin"
    subprocess.run([*pip, "--python", programs / "python", "install", "--no-deps", "--no-index", wheel], check=True)
    (site,) = (folder / "venv").glob("lib/python*/site-packages")
    (site / "lent.pth").write_text(sysconfig.get_path("purelib"))
    return programs


def export(folder: Path) -> Path:
    """A shop's export with plain headers: six customers, an order a day for a week."""
    path = folder / "orders.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["order_id", "order_date", "customer_id", "sku", "quantity", "unit_price", "currency"])
        writer.writerows(
            (f"A-{n}", FIRST + timedelta(days=n % 7), f"c{n % 6}", "MUG", 1 + n % 3, "4.50", "EUR") for n in range(30)
        )
    return path


def ran(command: Sequence[str | Path], folder: Path) -> str:
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("RFM_", "DAGSTER_", "PYTHON"))
    }
    done = subprocess.run(command, cwd=folder, env=inherited, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_an_installed_wheel_goes_from_an_export_to_segments(programs: Path, tmp_path: Path) -> None:
    where = ran([programs / "python", "-c", "import rfm_assets; print(rfm_assets.__file__)"], tmp_path)
    assert where.startswith(str(programs.parent))
    rfm, shop = programs / "rfm", tmp_path / "my-shop"
    ran([rfm, "init", "my-shop", "--from", export(tmp_path)], tmp_path)
    assert "7 daily files written" in ran([rfm, "land"], shop)
    refreshed = ran([rfm, "refresh"], shop)
    assert f"7 days, {FIRST} to 2017-05-07" in refreshed
    assert "Segments as of 2017-05-07" in refreshed
    assert "€" in refreshed
    assert "profile" in ran([rfm, "config", "show"], shop)


def test_dagsters_own_commands_load_the_folder(programs: Path, tmp_path: Path) -> None:
    ran([programs / "rfm", "init", "."], tmp_path)
    python = programs / "python"
    ran([python, "-m", "dagster", "definitions", "validate", "-w", "workspace.yaml"], tmp_path)
    listed = ran([python, "-c", "from dagster_dg_cli.cli import main; main()", "list", "defs", "--json"], tmp_path)
    assert "arrived_exports" in listed
