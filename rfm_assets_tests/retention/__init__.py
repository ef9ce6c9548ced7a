"""Tests of which snapshots are kept."""
