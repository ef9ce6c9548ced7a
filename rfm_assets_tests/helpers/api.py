"""The GraphQL requests that the Dagster UI sends, including those behind its buttons."""

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

REPOSITORY = {"repositoryLocationName": "rfm_assets", "repositoryName": "__repository__"}
_PATIENCE = 60  # seconds for one answer

_ENTRIES = """
    label
    ... on IntMetadataEntry { value: intRepr }
    ... on TextMetadataEntry { value: text }
    ... on MarkdownMetadataEntry { value: mdStr }
    ... on TableMetadataEntry { table { records } }
    ... on TableSchemaMetadataEntry { schema { columns { name type description constraints { nullable } } } }
"""


@dataclass(frozen=True)
class Api:
    """A webserver's API. An asset is named as the UI names it, such as `silver/transactions`."""

    host: str
    port: int

    def http(self, method: str, path: str, body: str | None = None) -> bytes:
        """The body of an answer, whatever its status."""
        with closing(HTTPConnection(self.host, self.port, timeout=_PATIENCE)) as connection:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            return connection.getresponse().read()

    def ask(self, document: str, **variables: object) -> Any:  # noqa: ANN401 - JSON of the document's shape
        """The single field of a GraphQL document's answer.

        Raises:
            RuntimeError: when the server does not understand the document, or answers with an error.
        """
        answer = json.loads(self.http("POST", "/graphql", json.dumps({"query": document, "variables": variables})))
        if "errors" in answer:
            raise RuntimeError(f"{document} was answered with {answer['errors']}")
        (found,) = answer["data"].values()
        if isinstance(found, dict) and found.get("__typename", "").endswith(("Error", "NotFound")):
            raise RuntimeError(f"{document} was answered with {found}")
        return found

    def launch_day(self, job: str, day: str) -> str:
        """Queues a run of a job for one day; returns the run's id."""
        document = """mutation ($params: ExecutionParams!) { launchPipelineExecution(executionParams: $params) {
            __typename ... on LaunchRunSuccess { run { id } } ... on PythonError { message }
        } }"""
        tags = [{"key": "dagster/partition", "value": day}]
        params = {"selector": {**REPOSITORY, "pipelineName": job}, "executionMetadata": {"tags": tags}}
        return str(self.ask(document, params=params)["run"]["id"])

    def launch_backfill(self, job: str, days: Sequence[str]) -> str:
        """Launches a backfill of a job, as the job's own page does; returns the backfill's id."""
        document = """mutation ($params: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $params) {
            __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message }
        } }"""
        repository = {"repositorySelector": REPOSITORY, "partitionSetName": f"{job}_partition_set"}
        keys = [{"path": asset.split("/")} for asset in self.assets()]
        params = {"selector": repository, "assetSelection": keys, "partitionNames": days, "fromFailure": False}
        return str(self.ask(document, params=params)["backfillId"])

    def stop_sensor(self, sensor: str) -> None:
        """Switches a sensor off, as its toggle does."""
        document = "query ($it: SensorSelector!) { sensorOrError(sensorSelector: $it) { ... on Sensor { id } } }"
        found = self.ask(document, it={**REPOSITORY, "sensorName": sensor})
        self.ask("mutation ($id: String!) { stopSensor(id: $id) { __typename } }", id=found["id"])

    def assets(self) -> list[str]:
        """Every asset of the graph."""
        nodes = self.ask("{ assetNodes { assetKey { path } } }")
        return ["/".join(node["assetKey"]["path"]) for node in nodes]

    def daily_assets(self) -> list[str]:
        """The assets partitioned by day."""
        nodes = self.ask("{ assetNodes { assetKey { path } isPartitioned } }")
        return ["/".join(node["assetKey"]["path"]) for node in nodes if node["isPartitioned"]]

    def run_status(self, run: str) -> str:
        """The run's status, such as QUEUED, STARTED or SUCCESS."""
        document = "query ($run: ID!) { runOrError(runId: $run) { __typename ... on Run { status } } }"
        return str(self.ask(document, run=run)["status"])

    def backfill_runs(self, backfill: str) -> list[dict[str, Any]]:
        """The runs that the daemon created for a backfill, each with its id, status and tags."""
        document = """query ($backfill: String!) { partitionBackfillOrError(backfillId: $backfill) {
            __typename ... on PartitionBackfill { runs { id status tags { key value } } }
        } }"""
        runs = self.ask(document, backfill=backfill)["runs"]
        return [run | {"tags": {tag["key"]: tag["value"] for tag in run["tags"]}} for run in runs]

    def materialized(self, asset: str) -> list[tuple[str, str]]:
        """The first and last day of every stretch of materialized days, as the asset's partitions bar shows them."""
        ranges = self._of_asset(
            asset,
            "assetPartitionStatuses { ... on TimePartitionStatuses { ranges { status startKey endKey } } }",
        )["assetPartitionStatuses"]["ranges"]
        return [(found["startKey"], found["endKey"]) for found in ranges if found["status"] == "MATERIALIZED"]

    def day_metadata(self, asset: str, day: str) -> dict[str, str | None]:
        """The metadata of a day's latest materialization, by label."""
        wanted = f'assetMaterializations(partitions: ["{day}"], limit: 1) {{ metadataEntries {{ {_ENTRIES} }} }}'
        (latest,) = self._of_asset(asset, wanted)["assetMaterializations"]
        return _by_label(latest["metadataEntries"])

    def columns(self, asset: str) -> list[dict[str, Any]]:
        """The asset's columns tab."""
        entries = self._of_asset(asset, f"metadataEntries {{ {_ENTRIES} }}")["metadataEntries"]
        (schema,) = [entry["schema"] for entry in entries if entry["label"] == "dagster/column_schema"]
        return list(schema["columns"])

    def checks(self, asset: str) -> dict[str, dict[str, Any]]:
        """The asset's checks tab: the last result of each check, by name."""
        wanted = """assetChecksOrError { ... on AssetChecks { checks {
            name description executionForLatestMaterialization { runId status evaluation { severity } }
        } } }"""
        checks = self._of_asset(asset, wanted)["assetChecksOrError"]["checks"]
        return {check["name"]: check["executionForLatestMaterialization"] for check in checks}

    def check_history(self, asset: str, check: str) -> list[dict[str, Any]]:
        """The results of a check, latest first, each with its metadata by label; none is still planned."""
        document = f"""query ($key: AssetKeyInput!, $check: String!) {{
            assetCheckExecutions(assetKey: $key, checkName: $check, limit: 100) {{
                runId status partition evaluation {{ severity description metadataEntries {{ {_ENTRIES} }} }}
            }}
        }}"""
        executions = self.ask(document, key={"path": asset.split("/")}, check=check)
        return [one | {"metadata": _by_label(one["evaluation"]["metadataEntries"])} for one in executions]

    def _of_asset(self, asset: str, wanted: str) -> dict[str, Any]:
        document = f"""query ($key: AssetKeyInput!) {{ assetNodeOrError(assetKey: $key) {{
            __typename ... on AssetNode {{ {wanted} }}
        }} }}"""
        return dict(self.ask(document, key={"path": asset.split("/")}))


def _by_label(entries: Sequence[dict[str, Any]]) -> dict[str, str | None]:
    """The entries' texts; for a table, one line per record."""
    tables = {entry["label"]: "\n".join(entry["table"]["records"]) for entry in entries if "table" in entry}
    return {entry["label"]: entry.get("value") for entry in entries} | tables
