"""What becomes of a probability: mask, polygons, assessment, reports."""
