"""What the correction of the atmosphere does to L1C: scenes often come as L2A, training data as L1C."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...bands import BANDS, PRE
from ..chip import Chip, ChipSource
from ..natural_colour import RELATIVE

CORRECTED = 0.5

# Centre of each band.
NANOMETRES = {
    **{"B01": 443, "B02": 492, "B03": 560, "B04": 665, "B05": 704, "B06": 740, "B07": 783, "B08": 833, "B8A": 865},
    **{"B09": 945, "B10": 1373, "B11": 1614, "B12": 2202},
}
# Of the darkest pixels' light, where brightness is not known: B02 of forest falls from some 850 DN to some 250.
_TAKEN = 0.75
# Of a pixel that is there, in DN: 0 is nodata.
_LEAST = 1


def level(chip: Chip, rng: np.random.Generator, source: ChipSource) -> Chip:
    """Correct the atmosphere of half of the chips, as if they came from L2A; B10 is missing then, as it is there.

    The light that air scatters to the sensor is taken off, and what it took away is given back (`atmosphere`), for a
    sun 15 to 65 degrees from the zenith and aerosol of an optical depth of 0.02 to 0.25. Then come the corrections of
    terrain and gases: a common gain of 0.95 to 1.25, one of 0.95 to 1.05 for each band, and one of 2 to 4 for B09, of
    whose light water vapour takes most. Where brightness is not known, no more light is taken off than leaves a
    quarter of the darkest pixels of every band, as in forest.
    """
    drawn, zenith, aerosol = rng.random(), rng.uniform(15, 65), rng.uniform(0.02, 0.25)
    gains = rng.uniform(0.95, 1.25) * rng.uniform(0.95, 1.05, len(BANDS))
    gains[BANDS.index("B09")] *= rng.uniform(2, 4)
    if drawn >= CORRECTED:
        return chip
    bands = chip.bands.copy()
    spectral = {number: name.removeprefix(PRE) for number, name in enumerate(source.names)}
    air = {number: atmosphere(own, zenith, aerosol) for number, own in spectral.items() if own in BANDS}
    share = 1.0
    if source.radiometry == RELATIVE:
        darkest = {number: float(np.percentile(bands[number][chip.valid], 1)) for number in air}
        share = min([1.0, *(_TAKEN * darkest[number] / path for number, (path, _) in air.items())])
    for number, (path, passed) in air.items():
        gain = gains[BANDS.index(spectral[number])] / passed
        np.maximum((bands[number] - np.float32(share * path)) * np.float32(gain), _LEAST, out=bands[number])
    bands[:, ~chip.valid] = 0
    cirrus = {name for name in source.names if name.removeprefix(PRE) == "B10"}
    return replace(chip, bands=bands, missing=chip.missing | cirrus)


def atmosphere(band: str, zenith: float, aerosol: float) -> tuple[float, float]:
    """What clear air does to a band seen from above, by single scattering.

    With the optical depths r = 0.0088 λ^-4.08 of molecules and a = ``aerosol`` (λ / 0.55)^-1.3 (λ in µm), and c the
    cosine of the zenith angle: path reflectance (0.75 (1 + c²) r + 0.2 a) / 4c, and transmittance
    exp(-(1 + 1/c) (r / 2 + a / 6)), since molecules scatter half of the light backwards and aerosol about a sixth.

    Args:
        band: Name of a Sentinel-2 band.
        zenith: Angle of the sun from the zenith, degrees.
        aerosol: Optical depth at 550 nm.

    Returns:
        Path reflectance in DN (x 10000), and the share of the light that passes down and up, 0 to 1.
    """
    micrometres, cosine = NANOMETRES[band] / 1000, float(np.cos(np.radians(zenith)))
    molecules, particles = 0.0088 * micrometres**-4.08, aerosol * (micrometres / 0.55) ** -1.3
    path = (0.75 * (1 + cosine**2) * molecules + 0.2 * particles) / (4 * cosine)
    return 1e4 * path, float(np.exp(-(1 + 1 / cosine) * (molecules / 2 + particles / 6)))
