"""Clusters of customers, as of each day: K-Means with a number of clusters that the data choose.

Pure functions from a frame of customers to labels, names and figures: no Dagster, no clock, no files.
`settings`: what can be turned. `outliers`: who is set apart first. `selection`: which k is best, by `silhouette` and
elbow. `naming`: what a cluster is called and what to do about it. `summary`: a line per cluster. `clustering` puts
them together for one day, `days` for many, over `threads`. `stability` compares one day with the day before.

Only `settings` and `naming` are light. The others load NumPy, pandas and scikit-learn, which takes seconds: import them
inside the function that clusters, never while definitions load.
"""
