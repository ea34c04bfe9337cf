"""The parts of the Compare page about sweeps: what survives retraining, how many dimensions."""
