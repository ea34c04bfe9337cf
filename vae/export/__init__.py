"""What leaves: blocks of bytes for the browser, pictures and films."""
