"""A training run as a process and a folder: drive it, steer it, watch it, estimate it."""
