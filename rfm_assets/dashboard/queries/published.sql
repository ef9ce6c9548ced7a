-- When this copy was published, and by which run.
SELECT published_at, run_id
FROM meta.published
