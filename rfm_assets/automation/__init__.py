"""What runs, and when: jobs that people launch, and the sensors and schedules that launch them."""
