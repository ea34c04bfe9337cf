"""What is read from and written to a disk that others use too."""
