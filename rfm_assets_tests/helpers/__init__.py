"""Helpers shared by the tests of several packages; a package's own helpers stay in that package."""
