"""Experiments: designs, batches, tables and figures made with the model."""
