"""Both engines side by side. These tests need Java and pyspark, and say so where either is missing."""
