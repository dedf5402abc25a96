"""A generated, georeferenced landslide event: a first map for every user, and a scene with a known truth for tests."""
