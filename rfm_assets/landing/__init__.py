"""Where daily files arrive: list them, tell their day and version, fetch them. Their content is bronze's matter."""
