"""Where daily files arrive: list them, tell their day and version, fetch them. What is inside them is bronze's matter."""
