"""The engineered bands by name: what each is computed from, and the groups and presets they are asked for with.

Names are frozen: checkpoints list them. Formulas: `compute`; numbering and presets after arXiv 2312.16717.
"""

from __future__ import annotations

SPECTRAL = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12")
TERRAIN = ("SLOPE", "DEM")
PRE, PRE_VALID = "PRE_", "PRE_VALID"

Inputs = tuple[str, ...]

_VISIBLE: tuple[Inputs, ...] = (("B04", "B03", "B02"), ("R", "G", "B"))


def _change(*alternatives: Inputs) -> tuple[Inputs, ...]:
    """Inputs of a channel's change: what it takes itself, the same before the event, and where that is known."""
    return tuple((*inputs, *(PRE + name for name in inputs), PRE_VALID) for inputs in alternatives)


# Each channel with the input sets it can be computed from; the first that is there is used.
CHANNELS: dict[str, tuple[Inputs, ...]] = {
    **{name.lower(): ((name,),) for name in SPECTRAL + TERRAIN},
    "red": (("R",),),
    "green": (("G",),),
    "blue": (("B",),),
    "red_local": (("B04",), ("R",)),
    "green_local": (("B03",), ("G",)),
    "blue_local": (("B02",), ("B",)),
    "red_contrast": (("B04",), ("R",)),
    "green_contrast": (("B03",), ("G",)),
    "blue_contrast": (("B02",), ("B",)),
    "ngrdi": (("B03", "B04"), ("G", "R")),
    "ngbdi": (("B03", "B02"), ("G", "B")),
    "ndvi": (("B08", "B04"),),
    "nbr": (("B08", "B12"),),
    "ndmi": (("B08", "B11"),),
    "gray": _VISIBLE,
    "blur": _VISIBLE,
    "median": _VISIBLE,
    "gradient_x": _VISIBLE,
    "gradient_y": _VISIBLE,
    "edge": _VISIBLE,
    "red_global": (("B04",),),
    "green_global": (("B03",),),
    "blue_global": (("B02",),),
    "gaussian": _VISIBLE,
    **{f"change_{name.lower()}": _change((name,)) for name in SPECTRAL},
    "change_red": _change(("R",)),
    "change_green": _change(("G",)),
    "change_blue": _change(("B",)),
    "change_ndvi": _change(("B08", "B04")),
    "change_nbr": _change(("B08", "B12")),
    "change_ndmi": _change(("B08", "B11")),
    "change_gray": _change(*_VISIBLE),
    "change_valid": ((PRE_VALID,),),
}

_LOCAL = ("red_local", "green_local", "blue_local")
_CONTRAST = ("red_contrast", "green_contrast", "blue_contrast")
_COLOURS = ("ngrdi", "ngbdi")
_GLOBAL = ("red_global", "green_global", "blue_global")
_INDICES = ("ndvi", "nbr", "ndmi")
_BLURS = ("blur", "median")
_GRADIENTS = ("gradient_x", "gradient_y")

_BANDS12 = tuple(name.lower() for name in SPECTRAL if name != "B8A")
_BANDS14 = (*_BANDS12, "slope", "dem")
_BANDS17 = _BANDS14 + _LOCAL
_BANDS21 = (*_BANDS17, *_INDICES, "gray")

GROUPS: dict[str, tuple[str, ...]] = {
    "bands": tuple(name.lower() for name in SPECTRAL),
    "terrain": ("slope", "dem"),
    "rgb": ("red", "green", "blue"),
    "local": _LOCAL,
    "contrast": _CONTRAST,
    "colours": _COLOURS,
    "global": _GLOBAL,
    "indices": _INDICES,
    "blurs": _BLURS,
    "gradients": _GRADIENTS,
    "change": tuple(name for name in CHANNELS if name.startswith("change_")),
}

# What depends on the surroundings' statistics, and so on the mode.
STRETCHED = (*_LOCAL, *_CONTRAST, *_BLURS, *_GRADIENTS, "edge", "gaussian")

# Groups of which those channels are meant whose inputs are there.
OPEN_GROUPS = ("bands", "change")

PRESETS: dict[str, tuple[str, ...]] = {
    "bands14": _BANDS14,
    "rgb9": ("b04", "b03", "b02", *_LOCAL, *_GLOBAL),
    "bands17": _BANDS17,
    "bands21": _BANDS21,
    "bands23": _BANDS21 + _BLURS,
    "bands25": _BANDS21 + _BLURS + _GRADIENTS,
    "bands26": (*_BANDS21, *_BLURS, *_GRADIENTS, "edge"),
    "edges22": (*_BANDS17, *_BLURS, *_GRADIENTS, "edge"),
    "sentinel21": (*_BANDS12, *_LOCAL, *_INDICES, "gray", *_BLURS),
    "deploy13": ("b02", "b03", "b04", "b08", "b11", *_LOCAL, "ndvi", "ndmi", "gray", *_BLURS),
    "rgb3": ("red", "green", "blue"),
    "rgb4dem": ("red", "green", "blue", "dem"),
    "physical23": (*_BANDS21, "gaussian", "median"),
}

ALIASES = {"vi": "ndmi"}

# What `auto` tries, in this order. Gradients, edge and global RGB stay out: in the paper's table they add nothing
# (23 bands .6996, 25 .6991, 26 .6854), global RGB repeats b04, b03, b02, and each costs memory and time. Contrast and
# colours are for data whose units are unknown.
AUTO = (*GROUPS["bands"], *GROUPS["rgb"], *GROUPS["terrain"], *_LOCAL, *_INDICES, "gray", *_BLURS, *GROUPS["change"])
