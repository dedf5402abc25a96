"""Training: data to batches, losses, the loop, and what is written down about it."""
