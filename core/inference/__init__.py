"""Inference: tiles of features through a network, blended into a map, in bounded memory."""
