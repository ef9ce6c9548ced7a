"""The exports in a folder: the headers of each, and the ways to read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rfm_assets.errors import ExportError
from rfm_assets.exports.choose_preset import Candidate, Headers, candidates, fits_of, headers_of
from rfm_assets.exports.found import NO_EXPORTS, Export, FoundFile, digests_known, exports_of
from rfm_assets.exports.header import plain
from rfm_assets.exports.profile import Profile
from rfm_assets.exports.words import known


@dataclass(frozen=True)
class Way:
    """A way to read some of the exports, oldest first: a preset, or a draft without one."""

    exports: Sequence[Export]
    files: int
    weight: tuple[int, bool]
    candidate: Candidate | None = None

    @property
    def order(self) -> tuple[object, ...]:
        """The sort key: more files, a preset, more known headers, more bytes."""
        return self.files, self.candidate is not None, self.weight, sum(one.size for one in self.exports)


class Folder:
    """Exports, with the headers of those that have any."""

    def __init__(self, files: Sequence[FoundFile], scratch: Path) -> None:
        """Reads the beginning of every file.

        Raises:
            ExportError: when no file has headers; says why for the newest.
        """
        self.scratch = scratch
        self.exports = exports_of(files, joined=False, known={})
        self.headers: dict[str, Headers] = {}
        problem: ExportError | None = None
        for export in reversed(self.exports):
            try:
                self.headers[export.id] = headers_of(export, scratch)
            except ExportError as error:  # landing reports files that cannot be read
                problem = problem or error
        if not self.headers:
            raise problem or ExportError(NO_EXPORTS)
        known = digests_known(stamp for one in self.exports for stamp in one.stamps)
        self.bundles = exports_of(files, joined=True, known=known)

    def ways(self) -> list[Way]:
        """The ways to read the exports, most files first."""
        presets = [self._by_preset(one) for one in candidates(self._different_headers())]
        drafts = [Way(some, len(some), (self._known(some[0]), False)) for some in self._shapes().values()]
        return sorted((way for way in (*presets, *drafts) if way.exports), key=lambda one: one.order, reverse=True)

    def read_by(self, profile: Profile) -> list[Export]:
        """The exports, joined if the profile joins files, that have all headers it needs."""
        if not profile.join:
            return [one for one in self.exports if reads(profile, self.headers.get(one.id, []))]
        parts = {export.files[0]: self.headers.get(export.id, []) for export in self.exports}
        return [one for one in self.bundles if reads(profile, [t for file in one.files for t in parts.get(file, [])])]

    def _by_preset(self, candidate: Candidate) -> Way:
        exports = self.read_by(candidate.fit.profile)
        return Way(exports, sum(len(one.files) for one in exports), candidate.weight, candidate)

    def _known(self, export: Export) -> int:
        """The number of known headers: a list of customers has fewer than a list of orders."""
        return max(sum(plain(name) in known() for name in headers) for headers in self.headers[export.id])

    def _shapes(self) -> dict[object, list[Export]]:
        """Groups the exports by their headers, in any order."""
        found: dict[object, list[Export]] = {}
        for export in self.exports:
            if export.id in self.headers:
                found.setdefault(frozenset(map(frozenset, self.headers[export.id])), []).append(export)
        return found

    def _different_headers(self) -> Headers:
        every = [headers for one in self.headers.values() for headers in one]
        return [list(one) for one in dict.fromkeys(map(tuple, every))]


def reads(profile: Profile, tables: Headers) -> bool:
    """Whether tables with these headers have all that a profile needs."""
    return any(not fit.missing for fit in fits_of(profile, tables))
