"""The warehouse on a Spark cluster, through Spark Connect. Only RFM_ENGINE=spark imports this."""
