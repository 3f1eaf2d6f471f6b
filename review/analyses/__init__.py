"""What a recorded plan means for the running system. Each analysis reads the plan and nothing else."""
