"""Clusters of customers, as of each day: K-Means, with the number of clusters chosen from the data.

Pure functions from a frame of customers to labels, names and figures: no Dagster, no clock, no files.
`settings`: the parameters. `outliers`: customers set apart first. `selection`: the best k, by `silhouette` and elbow.
`naming`: a cluster's name and recommendation. `summary`: a row per cluster. `clustering` combines these for one day,
`days` for many, over `threads`. `stability` compares a day with the day before.

Only `settings` and `naming` are light. The others load NumPy, pandas and scikit-learn, which takes seconds: import them
inside the function that clusters, never while definitions load.
"""
