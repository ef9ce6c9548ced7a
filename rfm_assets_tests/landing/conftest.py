"""The S3 servers that the landing tests share, and the AWS settings that point to them."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from rfm_assets_tests.helpers.s3 import BucketPlace, aws_settings, moto_server, seaweedfs_server
from rfm_assets_tests.landing.s3_stub import StubS3, stub_server

S3Client = Any  # boto3 has no types

BUCKET = "the-landing"
_prefix_numbers = count(1)


@pytest.fixture(scope="session")
def moto_client() -> Iterator[S3Client]:
    with moto_server() as endpoint:
        yield client_of(endpoint)


@pytest.fixture(scope="session")
def seaweedfs_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Client]:
    with seaweedfs_server(tmp_path_factory.mktemp("weed")) as endpoint:
        yield client_of(endpoint)


@pytest.fixture
def bucket(moto_client: S3Client, monkeypatch: pytest.MonkeyPatch) -> BucketPlace:
    """An empty prefix of a bucket, with the AWS settings that point to it."""
    return new_place(moto_client, monkeypatch)


@pytest.fixture
def seaweedfs_bucket(seaweedfs_client: S3Client, monkeypatch: pytest.MonkeyPatch) -> BucketPlace:
    """The same on SeaweedFS."""
    return new_place(seaweedfs_client, monkeypatch)


@pytest.fixture(scope="session")
def session_stub() -> Iterator[StubS3]:
    with stub_server() as stub:
        yield stub


@pytest.fixture
def stub(session_stub: StubS3, monkeypatch: pytest.MonkeyPatch) -> StubS3:
    """A server that fails on demand, initially empty and faultless, with the AWS settings that point to it."""
    session_stub.reset()
    use_aws_settings(session_stub.endpoint, monkeypatch)
    return session_stub


def client_of(endpoint: str) -> S3Client:
    """A client for the source's side, and the bucket it delivers to."""
    import boto3

    with pytest.MonkeyPatch.context() as monkeypatch:
        use_aws_settings(endpoint, monkeypatch)
        client = boto3.session.Session().client("s3")
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": client.meta.region_name})
    return client


def new_place(client: S3Client, monkeypatch: pytest.MonkeyPatch) -> BucketPlace:
    use_aws_settings(client.meta.endpoint_url, monkeypatch)
    return BucketPlace(client, BUCKET, prefix=f"shop/{next(_prefix_numbers)}")


def use_aws_settings(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3", "AWS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in aws_settings(endpoint).items():
        monkeypatch.setenv(name, value)
