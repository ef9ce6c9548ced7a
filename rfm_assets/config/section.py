"""The base class of the shop file's sections."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A table of the shop file: unknown keys are errors, and a number is never read from a text."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
