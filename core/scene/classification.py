"""The scene classification (SCL) of Sentinel-2 L2A: its classes, as ESA names and colours them."""

from __future__ import annotations

# Value: (meaning, red, green, blue).
CLASSES = {
    0: ("no data", 0, 0, 0),
    1: ("saturated or defective", 255, 0, 0),
    2: ("dark, topographic shadow", 47, 47, 47),
    3: ("cloud shadow", 100, 50, 0),
    4: ("vegetation", 0, 160, 0),
    5: ("not vegetated", 255, 230, 90),
    6: ("water", 0, 0, 255),
    7: ("unclassified", 128, 128, 128),
    8: ("cloud, medium probability", 192, 192, 192),
    9: ("cloud, high probability", 255, 255, 255),
    10: ("thin cirrus", 100, 200, 255),
    11: ("snow or ice", 255, 150, 255),
}
MEANINGS = {value: meaning for value, (meaning, *_) in CLASSES.items()}
COLOURS = {value: (red, green, blue, 255 if value else 0) for value, (_, red, green, blue) in CLASSES.items()}
