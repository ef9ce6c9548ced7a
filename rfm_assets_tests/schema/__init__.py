"""Tests of the versions of the contracts."""
