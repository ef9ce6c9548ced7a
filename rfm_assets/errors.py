"""The errors that users of the pipeline see: what happened, where, and the way out."""


class RfmError(Exception):
    """The base class; catch it at an edge to show a message instead of a traceback."""


class SettingError(RfmError):
    """An environment variable, an option or a key of the shop file has a value that the pipeline cannot use."""


class LandingError(RfmError):
    """The landing zone cannot be listed or a file in it cannot be fetched."""


class RefusedFileError(RfmError):
    """A landed file cannot become bronze rows. The stored rows of its day stay."""


class ChangedFileError(RefusedFileError):
    """A landed file changed or vanished while it was read. The file as it is now may load."""


class ExportError(RfmError):
    """An export cannot be read by its profile. Nothing from it has been written."""


class ContractError(RfmError):
    """Rows, or a stored table, do not match the table's contract."""


class WarehouseError(RfmError):
    """The warehouse cannot be opened or lacks a table that a step reads."""


class MissingTableError(WarehouseError):
    """A step reads a table that has not been stored yet."""


class DialectError(RfmError):
    """A statement has a part that is not proven to mean the same on every engine."""


class PrivacyError(RfmError):
    """A customer cannot be erased or suppressed, or the register or list of these cannot be read."""


class PublishedError(RfmError):
    """The published files cannot be read."""


class CopyUnreadableError(PublishedError):
    """No published file can be opened."""


class CopyMissingError(CopyUnreadableError):
    """Nothing has been published yet, or not in the folder that readers open."""


class CopyCorruptError(CopyUnreadableError):
    """DuckDB cannot read the published file."""


class CopyNewerError(CopyUnreadableError):
    """A newer version of the pipeline published the file."""


class CopyLockedError(CopyUnreadableError):
    """Another program has the published file open for writing."""


class NothingToShowError(PublishedError):
    """The published copy lacks what a page shows."""
