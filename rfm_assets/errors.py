"""The one family of errors a user of the pipeline meets: what happened, where, and the way out."""


class RfmError(Exception):
    """Anything the pipeline refuses to do; catch this at an edge to show a message instead of a traceback."""


class SettingError(RfmError):
    """An environment variable, an option or a key of the shop file holds something the pipeline cannot use."""


class LandingError(RfmError):
    """The landing zone cannot be listed or a file in it cannot be fetched."""


class RefusedFileError(RfmError):
    """A landed file cannot become bronze rows. What was stored for its day stays."""


class ChangedFileError(RefusedFileError):
    """A landed file changed or vanished while it was read: as it is now, it may well be loaded."""


class ExportError(RfmError):
    """An export cannot be read by its profile. Nothing of it has been written."""


class ContractError(RfmError):
    """Rows or a stored table do not have the shape that the table's contract declares."""


class WarehouseError(RfmError):
    """The warehouse cannot be opened or lacks a table that a step reads."""


class MissingTableError(WarehouseError):
    """A step reads a table in which nothing has been stored yet."""


class DialectError(RfmError):
    """A statement has a part that is not known to mean the same on every engine."""


class PrivacyError(RfmError):
    """A customer cannot be erased or left out, or the record of who was erased or left out cannot be read."""


class PublishedError(RfmError):
    """What has been published cannot be read."""


class CopyUnreadableError(PublishedError):
    """There is no published file that can be opened."""


class CopyMissingError(CopyUnreadableError):
    """Nothing has been published yet, or not where readers look for it."""


class CopyCorruptError(CopyUnreadableError):
    """The published file is not one that DuckDB can read."""


class CopyNewerError(CopyUnreadableError):
    """A newer version of the pipeline has published the file."""


class CopyLockedError(CopyUnreadableError):
    """Another program has opened the published file to write into it."""


class NothingToShowError(PublishedError):
    """What has been published lacks what a page shows."""
