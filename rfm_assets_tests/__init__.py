"""Tests of the pipeline, one folder per layer, as in the package."""
