"""Training data: chips from folders and from scenes, augmentation, and splits that do not leak."""
