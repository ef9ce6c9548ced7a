"""What runs, and when: jobs that people launch."""
