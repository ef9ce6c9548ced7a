"""Where daily files arrive: listing them, their day and version, and fetching. Their contents are bronze's concern."""
