"""The parts of the Anomaly page."""
