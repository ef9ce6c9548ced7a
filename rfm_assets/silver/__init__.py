"""Silver: typed, valid transaction lines, and every refused line with its reasons."""
