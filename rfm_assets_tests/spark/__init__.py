"""Tests of both engines side by side. They need Java and pyspark, and say so where either is missing."""
