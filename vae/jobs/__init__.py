"""Long work beside training as a process of its own, which meets the pages in files only."""
