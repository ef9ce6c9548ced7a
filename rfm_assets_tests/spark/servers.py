"""Spark on loopback: a Spark Connect server, alone or in front of a master and workers of its own."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from rfm_assets_tests.helpers.servers import LOOPBACK, free_port

READY_WITHIN_SECONDS = 180

_CONFIG = {
    "spark.connect.grpc.binding.address": LOOPBACK,
    "spark.driver.bindAddress": LOOPBACK,
    "spark.driver.host": LOOPBACK,
    "spark.driver.memory": "2g",
    # Without checksum files: Hadoop, whose native library pyspark lacks, starts a `chmod` for every file that it makes.
    "spark.hadoop.fs.file.impl": "org.apache.hadoop.fs.RawLocalFileSystem",
    "spark.log.level": "WARN",
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.enabled": "false",
}
# For the cost of planning many statements, see docs/spark.md.
ONE_MACHINE = {
    "spark.driver.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m"
}
FEW_ROWS = ONE_MACHINE | {
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.shuffle.partitions": "1",
}


def spark_home() -> Path:
    """Where Spark is installed; skips the test if it cannot be started."""
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17 or newer, and there is no `java` on the PATH")
    pyspark = pytest.importorskip("pyspark", reason="pyspark is not installed")
    home = Path(str(pyspark.__file__)).parent
    if not (home / "bin" / "spark-submit").is_file():
        pytest.skip("only Spark's client is installed; the tests start a server: install pyspark[connect]")
    return home


@contextmanager
def connect_server(folder: Path, *, master: str = "local[2]", config: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of a Spark Connect server that keeps its files below `folder`."""
    port = free_port()
    settings = _CONFIG | {
        "spark.connect.grpc.binding.port": str(port),
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "managed"),
    }
    options = [f"--conf={name}={value}" for name, value in (settings | dict(config or {})).items()]
    main = "org.apache.spark.sql.connect.service.SparkConnectServer"
    command = [spark_home() / "bin" / "spark-submit", "--master", master, *options, "--class", main, "spark-internal"]
    with process(folder / "connect.log", *map(str, command), port=port):
        yield f"sc://{LOOPBACK}:{port}"


@contextmanager
def process(log: Path, *command: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A program of Spark that runs until the block ends, once it listens on a port."""
    # In another locale, Java does not find a file whose name is not ASCII.
    environment = os.environ | {"SPARK_HOME": str(spark_home()), "SPARK_LOCAL_IP": LOOPBACK, "LC_ALL": "C.UTF-8"}
    with (
        log.open("wb") as said,
        subprocess.Popen(command, stdout=said, stderr=said, env=environment, cwd=log.parent) as running,
    ):
        try:
            _wait_until_it_listens(running, port, log)
            yield running
        finally:
            running.kill()
            running.wait()


def _wait_until_it_listens(running: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if running.poll() is not None:
            break
        with socket.socket() as tried:
            if tried.connect_ex((LOOPBACK, port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"{running.args!s:.80} did not listen on port {port}; it said:\n{log.read_text()[-2000:]}")
