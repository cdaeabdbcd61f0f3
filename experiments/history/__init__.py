"""Past ceasefires, and the statistics with which predictions of them are judged; knows nothing of the model."""
