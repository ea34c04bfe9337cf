"""Long work in processes of its own, started with a lock they hold for as long as they live."""
