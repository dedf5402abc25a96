"""Many jobs in one call, and one job on many machines."""
