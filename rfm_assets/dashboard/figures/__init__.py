"""The pages' figures: pure functions from a frame to a figure. One module for each page with several."""
