"""Where the tests deliver files: a folder or a bucket, each with the landing zone that reads it."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from rfm_assets.landing.zone import LandingZone
from rfm_assets.resources import zone_at


class Place(Protocol):
    """A landing zone from its source's side."""

    @property
    def zone(self) -> LandingZone: ...

    def put(self, key: str, content: bytes) -> None: ...

    def remove(self, key: str) -> None: ...


@dataclass(frozen=True)
class FolderPlace:
    """A folder that a test writes to."""

    folder: Path

    @cached_property
    def zone(self) -> LandingZone:
        return zone_at(str(self.folder))

    def put(self, key: str, content: bytes) -> None:
        path = self.folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def remove(self, key: str) -> None:
        (self.folder / key).unlink()


@dataclass(frozen=True)
class BucketPlace:
    """A bucket that a test puts objects into, below a prefix."""

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
