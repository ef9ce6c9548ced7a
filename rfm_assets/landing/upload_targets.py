"""The uploader's targets, a bucket or a folder, and the identity of a file to upload."""

import contextlib
import hashlib
import os
import shutil
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol

from rfm_assets.errors import LandingError
from rfm_assets.landing.address import bucket_and_prefix
from rfm_assets.landing.regular import must_be_file

_PIECE = 1 << 20
_CHECK_KEYS = "check the AWS keys or profile, and that they may s3:ListBucket, s3:GetObject and s3:PutObject there"
_IT_CHANGED = "the file changed while it was sent: run again when it is complete"
_WAYS_OUT = {
    "400": _CHECK_KEYS,  # the answer to a HEAD request has no body, and so no better code
    "403": _CHECK_KEYS,
    "AccessDenied": _CHECK_KEYS,
    "NoSuchBucket": "create the bucket, or correct --to",
    "BadDigest": _IT_CHANGED,
    "XAmzContentChecksumMismatch": _IT_CHANGED,
}


@dataclass(frozen=True)
class DailyFile:
    """A file to upload, identified by its bytes."""

    day: date
    path: Path
    sha256: bytes
    md5: bytes

    @classmethod
    def at(cls, path: Path, day: date) -> "DailyFile":
        """Reads the file; raises OSError when it is missing, not a file, or unreadable."""
        must_be_file(path)
        sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                sha256.update(piece)
                md5.update(piece)
        return cls(day, path, sha256.digest(), md5.digest())


class Target(Protocol):
    """Where daily files go. `holds` and `put` raise LandingError when it cannot be read or written."""

    def address_of(self, day: date) -> str:
        """The address of a day's file, as people write it."""

    def holds(self, file: DailyFile) -> bool:
        """Whether the same bytes are there already."""

    def put(self, file: DailyFile) -> None:
        """Stores the file atomically: the earlier file stays until the new one is complete."""


def name_of(day: date) -> str:
    """The name of a day's file, at the source and at the target."""
    return f"{day}_transactions.csv"


def target_at(address: str) -> Target:
    """The bucket at `s3://bucket/prefix`, or the folder at any other address.

    Raises:
        SettingError: when the address is neither.
    """
    bucket = bucket_and_prefix(address, setting="--to")
    return FolderTarget(Path(address)) if bucket is None else BucketTarget(*bucket)


@dataclass(frozen=True)
class FolderTarget:
    """A folder laid out like the bucket, for trying things without a cloud."""

    folder: Path

    def address_of(self, day: date) -> str:
        """The path of a day's file."""
        return str(self._path(day))

    def holds(self, file: DailyFile) -> bool:
        """Whether the file there has the same bytes."""
        try:
            return DailyFile.at(self._path(file.day), file.day).sha256 == file.sha256
        except FileNotFoundError:
            return False
        except OSError as error:
            raise LandingError(f"cannot read {self._path(file.day)}: {error.strerror}") from error

    def put(self, file: DailyFile) -> None:
        """Copies the file under a temporary name that no landing zone reads, and renames it."""
        path = self._path(file.day)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file.path, beside)
            if DailyFile.at(beside, file.day).sha256 != file.sha256:
                raise LandingError(f"cannot upload {file.path} to {path}: {_IT_CHANGED}")
            beside.replace(path)
        except OSError as error:
            raise LandingError(f"cannot upload {file.path} to {path}: {error}") from error
        finally:
            with contextlib.suppress(OSError):  # the error above is the one to report
                beside.unlink(missing_ok=True)

    def _path(self, day: date) -> Path:
        return self.folder / str(day) / name_of(day)


@dataclass(frozen=True)
class BucketTarget:
    """A bucket on AWS or any compatible server. Endpoint, region and keys are the usual AWS settings."""

    bucket: str
    prefix: str

    def address_of(self, day: date) -> str:
        """The bucket and key of a day's file as `s3://bucket/key`."""
        return f"s3://{self.bucket}/{self._key(day)}"

    def holds(self, file: DailyFile) -> bool:
        """Whether the object has the same bytes: by the SHA-256 stored with it, else by its ETag if that is an MD5."""
        from botocore.exceptions import ClientError

        with self._explained(file):
            try:
                stored = self._client.head_object(Bucket=self.bucket, Key=self._key(file.day))
            except ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] == HTTPStatus.NOT_FOUND:
                    return False
                raise
        if "sha256" in stored["Metadata"]:
            return bool(stored["Metadata"]["sha256"] == file.sha256.hex())
        return bool(stored["ETag"] == f'"{file.md5.hex()}"')

    def put(self, file: DailyFile) -> None:
        """Uploads the object in one request; the server compares checksums and stores all of it or nothing."""
        with self._explained(file), file.path.open("rb") as body:
            self._client.put_object(
                Bucket=self.bucket,
                Key=self._key(file.day),
                Body=body,
                ContentType="text/csv",
                ContentMD5=b64encode(file.md5).decode(),  # for servers that do not support SHA-256
                ChecksumSHA256=b64encode(file.sha256).decode(),
                Metadata={"sha256": file.sha256.hex()},
            )

    @cached_property
    def _client(self) -> Any:  # noqa: ANN401 - boto3 has no types
        from boto3.session import Session

        return Session().client("s3")

    def _key(self, day: date) -> str:
        return "/".join(part for part in (self.prefix, str(day), name_of(day)) if part)

    @contextmanager
    def _explained(self, file: DailyFile) -> Iterator[None]:
        """Adds file, bucket and key to errors, without the cause: boto3's message may quote a token."""
        from rfm_assets.landing.s3_errors import S3_ERRORS, explain

        try:
            yield
        except (*S3_ERRORS, OSError) as error:
            reason = explain(error, other_ways_out=_WAYS_OUT)
            message = f"cannot upload {file.path} to {self.address_of(file.day)}: {reason}"
            raise LandingError(message) from None
