"""What the pages draw: pure functions from a frame to a figure. One module for each page that draws much."""
