"""The docs match the code: every setting, command and table is documented, and everything they name exists."""

import re
from pathlib import Path

import pytest

from rfm_assets.commands.main import main
from rfm_assets.contracts import TABLES
from rfm_assets.definitions import defs
from rfm_assets.settings import Settings
from rfm_assets.tables.thinned_days import SNAPSHOTS

PROJECT = Path(__file__).parents[1]
PAGES = {path.name: path.read_text(encoding="utf-8") for path in (PROJECT / "README.md", *PROJECT.glob("docs/*.md"))}
DOCS = "\n".join(text for name, text in PAGES.items() if name != "data-contract.md")
MAKEFILE = (PROJECT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE)
REPOSITORY = defs.get_repository_def()
LAUNCHED = sorted(
    {job.name for job in REPOSITORY.get_all_jobs() if not job.name.startswith("__")}
    | {one.name for one in (*REPOSITORY.sensor_defs, *REPOSITORY.schedule_defs)}
)
NOT_SETTINGS = {"RFM_TEST_SPARK", "RFM_TEST_LANDING", "RFM_LANDING_FOLDER"}  # used by tests and the upload workflow


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_a_setting_has_its_line_in_the_table_of_the_readme(name: str) -> None:
    variable = Settings.model_fields[name].validation_alias or f"RFM_{name.upper()}"
    assert re.search(rf"^\| `{variable}` \|", PAGES["README.md"], re.MULTILINE)


@pytest.mark.parametrize("target", TARGETS)
def test_a_make_target_is_named(target: str) -> None:
    assert f"make {target}" in DOCS


@pytest.mark.parametrize("command", sorted(main.commands))
def test_a_command_is_named(command: str) -> None:
    assert re.search(rf"\brfm {command}\b", DOCS)


@pytest.mark.parametrize("name", LAUNCHED)
def test_a_job_sensor_or_schedule_is_named(name: str) -> None:
    assert f"`{name}`" in DOCS


@pytest.mark.parametrize("table", [table.address for table in TABLES.values()])
def test_a_table_has_its_line_in_the_readme(table: str) -> None:
    assert f"| `{table}` |" in PAGES["README.md"]


def test_the_tables_that_are_thinned_are_named() -> None:
    retention = PAGES["scaling.md"].split("\n## Retention\n")[1].split("By default")[0]
    assert set(re.findall(r"`(\w+\.\w+)`", retention)) == {table.address for table in SNAPSHOTS}


@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_page_names_only_commands_targets_settings_and_files_that_there_are(page: str) -> None:
    text = PAGES[page]
    assert set(re.findall(r"\bmake ([a-z-]+)(?=[`\s])", "\n".join(re.findall(r"`[^`\n]*`", text)))) <= set(TARGETS)
    assert set(re.findall(r"`(?:\.venv/bin/)?rfm ([a-z-]+)", text)) <= set(main.commands)
    variables = {str(field.validation_alias or f"RFM_{name.upper()}") for name, field in Settings.model_fields.items()}
    assert set(re.findall(r"`(RFM_[A-Z_]+)", text)) - NOT_SETTINGS <= variables
    for path in re.findall(r"`((?:rfm_assets|rfm_assets_tests|benchmarks|deploy|docs)/[\w./]+)`", text):
        assert "LAYER" in path or (PROJECT / path).exists(), path


def test_links_between_pages_lead_somewhere() -> None:
    for page, text in PAGES.items():
        folder = PROJECT if page == "README.md" else PROJECT / "docs"
        for target, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([\w-]+))?\)", text):
            file = folder / target if target else folder / page
            assert file.exists(), (page, target)
            if anchor:
                titles = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
                anchors = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
                assert anchor in anchors, (page, target, anchor)


@pytest.mark.parametrize(
    "package", sorted(path.parent for path in (PROJECT / "rfm_assets").rglob("__init__.py")), ids=lambda one: one.name
)
def test_a_package_says_what_belongs_in_it(package: Path) -> None:
    words = re.match(r'"""(.*?)"""', (package / "__init__.py").read_text(encoding="utf-8"), re.DOTALL)
    assert words
    assert len(words[1].split()) >= 5
