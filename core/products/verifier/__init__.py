"""The verifier: learns from the polygons that an analyst has judged which of the others are landslides."""
