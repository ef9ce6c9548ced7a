"""Bronze: daily files as delivered, every line exactly once.

A line is a physical line of the file after the header, unless it is blank. A field is quoted when its first
character is a quote; a line break never belongs to a field. A line that does not split into the header's columns is
kept raw in `_rescued_data`. A file whose lines cannot be told apart is refused as a whole.
"""
