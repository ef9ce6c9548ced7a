"""Tests of downloading and splitting the real dataset, with workbooks and servers made by the tests."""
