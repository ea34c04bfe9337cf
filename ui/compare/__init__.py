"""The parts of the Compare page: which models stand side by side, and what is shown of them."""
