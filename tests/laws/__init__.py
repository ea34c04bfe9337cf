"""Laws that cross rooms."""
