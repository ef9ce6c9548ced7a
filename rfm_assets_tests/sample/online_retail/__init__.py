"""Tests of the real dataset's download and of its splitting, on workbooks and servers made here."""
