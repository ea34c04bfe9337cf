"""What browsers fetch from the server beside the pages: one module per kind."""
