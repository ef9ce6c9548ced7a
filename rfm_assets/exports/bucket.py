"""Exports and daily files in a bucket, on AWS or any S3-compatible server."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from rfm_assets.errors import LandingError
from rfm_assets.exports.found import FoundFile, digest_of
from rfm_assets.exports.target import name_of
from rfm_assets.exports.unpacked import READ


@dataclass(frozen=True)
class Bucket:
    """A bucket and a prefix; endpoint, region and keys are the usual AWS settings."""

    bucket: str
    prefix: str

    @property
    def address(self) -> str:
        """The address, as people write it."""
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")

    @cached_property
    def client(self) -> Any:  # noqa: ANN401 - boto3 has no types
        """The S3 client."""
        import boto3

        return boto3.client("s3")

    def key(self, name: str) -> str:
        """The key of a name below the prefix."""
        return f"{self.prefix}/{name}" if self.prefix else name

    @contextmanager
    def explained(self, action: str) -> Iterator[None]:
        """Turns the server's refusals into LandingError."""
        from rfm_assets.landing.s3_errors import S3_ERRORS, explain

        try:
            yield
        except S3_ERRORS as error:
            raise LandingError(f"cannot {action}: {explain(error)}") from None


class BucketTarget(Bucket):
    """A landing zone in a bucket; each object carries the SHA-256 of its bytes."""

    def digests(self, days: set[date]) -> dict[date, str]:
        """The digests of the stored files of these days."""
        from botocore.exceptions import ClientError

        found = {}
        for day in sorted(days):
            with self.explained(f"read {self.address}/{name_of(day)}"):
                try:
                    head = self.client.head_object(Bucket=self.bucket, Key=self.key(name_of(day)))
                except ClientError as error:
                    if error.response["ResponseMetadata"]["HTTPStatusCode"] == HTTPStatus.NOT_FOUND:
                        continue
                    raise
            found[day] = head["Metadata"].get("sha256", "")
        return found

    def put(self, day: date, file: Path) -> None:
        """Uploads a file in one request."""
        key = self.key(name_of(day))
        with self.explained(f"write s3://{self.bucket}/{key}"), file.open("rb") as body:
            self.client.put_object(Bucket=self.bucket, Key=key, Body=body, Metadata={"sha256": digest_of(file)})

    def remove(self, day: date) -> None:
        """Deletes a day's file."""
        key = self.key(name_of(day))
        with self.explained(f"delete s3://{self.bucket}/{key}"):
            self.client.delete_object(Bucket=self.bucket, Key=key)


class StoredExport(NamedTuple):
    """An object that may be an export, its name below the prefix."""

    name: str
    key: str
    version: str
    size: int
    modified: datetime


def objects_in(bucket: Bucket) -> tuple[list[StoredExport], list[str]]:
    """The exports in a bucket, and the names of its other objects.

    Raises:
        LandingError: when the bucket cannot be listed.
    """
    found, others = [], []
    with bucket.explained(f"list {bucket.address}"):
        pages = bucket.client.get_paginator("list_objects_v2").paginate(Bucket=bucket.bucket, Prefix=bucket.key(""))
        objects = [one for page in pages for one in page.get("Contents", ())]
    for one in objects:
        name = one["Key"].removeprefix(bucket.key(""))
        if any(part.startswith(".") for part in PurePosixPath(name).parts) or name.endswith("/"):
            continue
        if name.lower().endswith(READ):
            found.append(StoredExport(name, one["Key"], one["ETag"], one["Size"], one["LastModified"]))
        else:
            others.append(name)
    return sorted(found), others


def exports_in(bucket: Bucket, copies: Path) -> tuple[list[FoundFile], list[str]]:
    """Copies new exports in a bucket into a folder; also returns the names of other objects.

    A copy is named by its object's ETag and has the object's time, so that each export is copied once.

    Raises:
        LandingError: when one cannot be fetched.
    """
    copies.mkdir(parents=True, exist_ok=True)
    found = []
    objects, others = objects_in(bucket)
    for one in objects:
        known = hashlib.sha256(f"{one.key} {one.version}".encode()).hexdigest()[:32]
        copy = copies / known / PurePosixPath(one.name).name
        if not copy.exists():
            copy.parent.mkdir(exist_ok=True)
            beside = copy.with_name(f".{copy.name}")
            with bucket.explained(f"read s3://{bucket.bucket}/{one.key}"):
                bucket.client.download_file(bucket.bucket, one.key, str(beside))
            beside.replace(copy)
        found.append(FoundFile(one.name, copy, one.size, int(one.modified.timestamp() * 1e9)))
    return found, others
