"""What survives retraining: maps of the same images by models of other seeds, held together."""
