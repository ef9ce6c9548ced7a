"""A landing zone in an S3 bucket, on AWS or any compatible server.

Endpoint, region and keys come from the usual AWS settings, which boto3 reads itself; none are stored here.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cached_property, partial
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import dagster as dg
from botocore.exceptions import BotoCoreError
from dagster_aws.s3 import S3Resource
from pydantic import Field, PrivateAttr
from urllib3.exceptions import HTTPError

from rfm_assets.errors import LandingError
from rfm_assets.landing.s3_errors import CHECK_ENDPOINT, S3_ERRORS, WAYS_OUT, explain
from rfm_assets.landing.zone import LandedFile, LandingZone, StoredFile
from rfm_assets.retries import problem_of

# boto3 keeps this many connections open; further fetches would each open and discard one.
_CONNECTIONS = 10
_PIECE = 1 << 20
_FIRST_PAUSE_SECONDS = 0.1


class S3LandingZone(LandingZone):
    """Files that another program puts into a bucket; a file's version is its object's ETag."""

    s3: dg.ResourceDependency[S3Resource]
    bucket: str = Field(description="The bucket's name.")
    prefix: str = Field(default="", description="The prefix of daily files; empty for the whole bucket.")

    _connections: BoundedSemaphore = PrivateAttr(default_factory=lambda: BoundedSemaphore(_CONNECTIONS))

    @property
    def address(self) -> str:
        """The bucket and prefix as `s3://bucket/prefix`."""
        return f"s3://{self.bucket}/{self._under}".rstrip("/")

    def walk(self) -> Iterator[StoredFile]:
        """Every object below the prefix, page by page."""
        with self._explained(f"list {self.address}"):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self._under)
            for page in pages:
                if page.get("IsTruncated", True) and "NextContinuationToken" not in page:
                    message = f"cannot list {self.address}: the answer is not a complete S3 listing: {CHECK_ENDPOINT}"
                    raise LandingError(message)
                for stored in page.get("Contents", []):
                    if not stored["Key"].endswith("/"):  # a console's stand-in for a folder
                        key = stored["Key"].removeprefix(self._under)
                        yield StoredFile(key, stored["Size"], partial(_version, stored))

    def location_of(self, file: LandedFile) -> str:
        """The object's URL for Hadoop's S3 client."""
        return f"s3a://{self.bucket}/{self._under}{file.key}"

    def fetch(self, file: LandedFile, scratch: Path) -> Path:
        """A copy of the object as listed; retries transfers that break off or bring other bytes."""
        path = scratch / _local_name(file.key)
        with self._connections:
            problem = problem_of(
                lambda: self._download(file, path),
                attempts=self.s3.max_attempts,
                first_seconds=_FIRST_PAUSE_SECONDS,
            )
        if problem is None:
            return path
        message = (
            f"{self._url(file)} did not arrive whole in {self.s3.max_attempts} attempts, the last time {problem}: "
            "run again; if that fails too, deliver the file again"
        )
        raise LandingError(message)

    def _download(self, file: LandedFile, path: Path) -> str | None:
        """Writes the object's bytes to `path`; returns the problem, if any."""
        with self._explained(f"read {self._url(file)}"):
            stored = self._client.get_object(
                Bucket=self.bucket, Key=self._under + file.key, IfMatch=f'"{file.version}"'
            )
        if _version(stored) != file.version:  # from a server that ignores conditions
            raise LandingError(f"cannot read {self._url(file)}: {WAYS_OUT['PreconditionFailed']}")
        try:
            size_bytes, md5 = _save(stored["Body"], path)
        except (BotoCoreError, HTTPError, ConnectionError, TimeoutError) as error:
            return f"the transfer broke off ({type(error).__name__})"
        except OSError as error:
            message = f"cannot keep a copy of {self._url(file)}: {error}: make room, or set TMPDIR to another folder"
            raise LandingError(message) from error
        if size_bytes != file.size_bytes:
            return f"{size_bytes:,} bytes arrived instead of {file.size_bytes:,}"
        if _etag_is_md5(stored) and md5 != file.version:
            return f"bytes with the MD5 {md5} arrived instead of {file.version}"
        return None

    @cached_property
    def _client(self) -> Any:  # noqa: ANN401 - boto3 has no types
        # Threads share the client; at worst each makes one, since the resource opens a new session every time.
        return self.s3.get_client()

    @property
    def _under(self) -> str:
        prefix = self.prefix.strip("/")
        return f"{prefix}/" if prefix else ""

    def _url(self, file: LandedFile) -> str:
        return f"s3://{self.bucket}/{self._under}{file.key}"

    @contextmanager
    def _explained(self, action: str) -> Iterator[None]:
        try:
            yield
        except S3_ERRORS as error:
            # Without the cause: boto3's message may quote the header it failed on, and with it a token.
            raise LandingError(f"cannot {action}: {explain(error)}") from None


def _save(body: Any, path: Path) -> tuple[int, str]:  # noqa: ANN401 - boto3 has no types
    """Streams a body to a file; returns the number of bytes and their MD5."""
    md5 = hashlib.md5(usedforsecurity=False)
    with closing(body), path.open("wb") as copy:
        for piece in body.iter_chunks(_PIECE):
            copy.write(piece)
            md5.update(piece)
        return copy.tell(), md5.hexdigest()


def _version(stored: Mapping[str, Any]) -> str:
    return str(stored["ETag"]).strip('"')


def _etag_is_md5(stored: Mapping[str, Any]) -> bool:
    """Whether the ETag is the MD5 of the bytes: not after a multipart upload (`...-2`) or with a managed key."""
    plain = stored.get("ServerSideEncryption", "AES256") == "AES256"
    return plain and re.fullmatch("[0-9a-f]{32}", _version(stored)) is not None


def _local_name(key: str) -> str:
    """A unique name for the local copy of a key: keys may be too long for a file name, or contain `..`."""
    return hashlib.sha256(key.encode()).hexdigest() + (".csv.gz" if key.lower().endswith(".gz") else ".csv")
