"""Tests of what production deployments are made of."""
