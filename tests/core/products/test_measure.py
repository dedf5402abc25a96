from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import CRS, Geod, Proj, Transformer
from scarp.core.products.measure import Ruler

UTM = CRS.from_epsg(32654)
rng = np.random.default_rng(3)


def random_shapes(count):
    """Stars of 3 to 12 vertices and 20 to 400 m, every third with a hole, around 42.7 N 141.9 E."""
    made = []
    for i in range(count):
        angles = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(3, 13)))
        radius = rng.uniform(20, 400) * rng.uniform(0.7, 1, len(angles))
        x0, y0 = 571000 + rng.uniform(-8e3, 8e3), 4727000 + rng.uniform(-8e3, 8e3)
        ring = np.stack([x0 + radius * np.cos(angles), y0 + radius * np.sin(angles)], axis=1)
        body = shapely.make_valid(shapely.Polygon(ring))
        inner = shapely.affinity.scale(body, 0.3, 0.3)
        made.append(body.difference(inner) if i % 3 == 0 and body.contains(inner) else body)
    return np.array(made, object)


def test_areas_and_perimeters_agree_with_the_plane_once_its_scale_is_taken_out():
    bodies = random_shapes(1000)
    area, perimeter = Ruler(UTM.to_wkt()).polygons(bodies)
    # The scale of the projection at each shape, from PROJ itself: planar figures become true ones.
    centres = shapely.get_coordinates(shapely.centroid(bodies))
    lon, lat = Transformer.from_crs(UTM, UTM.geodetic_crs, always_xy=True).transform(*centres.T)
    factors = Proj(UTM).get_factors(lon, lat)
    np.testing.assert_allclose(area, shapely.area(bodies) / factors.areal_scale, rtol=2e-5)
    np.testing.assert_allclose(perimeter, shapely.length(bodies) / factors.meridional_scale, rtol=2e-5)


@pytest.mark.parametrize("epsg", [4326, 32654, 3857, 5186])
def test_a_thousand_shapes_agree_with_projections_that_keep_areas_and_distances(epsg):
    """GEOS measures each shape in PROJ's equal-area and equidistant planes around it: no geodesic polygon is asked."""
    bodies = random_shapes(1000)
    if epsg == 4326:  # anywhere between 70 S and 75 N
        at = np.stack([rng.uniform(-179, 179, 1000), rng.uniform(-70, 75, 1000)], axis=1)
        scale = 9e-6 / np.stack([np.cos(np.radians(at[:, 1])), np.ones(1000)], axis=1)
        bodies = [
            shapely.transform(body, lambda xy, i=i: (xy - xy.mean(axis=0)) * scale[i] + at[i])
            for i, body in enumerate(bodies)
        ]
    else:
        project = Transformer.from_crs(UTM, epsg, always_xy=True)
        bodies = [shapely.transform(b, lambda xy: np.stack(project.transform(*xy.T), axis=1)) for b in bodies]
    crs = CRS.from_epsg(epsg)
    ellipsoid = f"+a={crs.ellipsoid.semi_major_metre} +b={crs.ellipsoid.semi_minor_metre}"
    to_degrees = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
    expected = []
    for body in bodies:
        degrees = shapely.transform(body, lambda xy: np.stack(to_degrees.transform(*xy.T), axis=1))
        lon, lat = shapely.get_coordinates(degrees).mean(axis=0)
        planes = [Proj(f"+proj={kind} +lon_0={lon} +lat_0={lat} {ellipsoid}") for kind in ("laea", "aeqd")]
        area, along = (shapely.transform(degrees, lambda xy, to=to: np.stack(to(*xy.T), axis=1)) for to in planes)
        expected.append((area.area, along.length))
    found = np.stack(Ruler(crs.to_wkt()).polygons(np.array(bodies, object)), axis=1)
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_the_same_shapes_in_degrees_have_the_same_size():
    bodies = random_shapes(100)
    transformer = Transformer.from_crs(UTM, 4326, always_xy=True)
    degrees = shapely.transform(bodies, lambda xy: np.stack(transformer.transform(*xy.T), axis=1))
    for planar, geographic in zip(Ruler(UTM.to_wkt()).polygons(bodies), Ruler("EPSG:4326").polygons(degrees)):
        np.testing.assert_allclose(planar, geographic, rtol=1e-9)


@pytest.mark.parametrize(("epsg", "x", "y", "size"), [(4326, 141.9, 42.7, 1e-4), (3857, 1.58e7, 5.27e6, 10.0)])
def test_pixel_areas_by_row_are_those_of_their_outlines(epsg, x, y, size):
    pixels = [shapely.box(x, y - size * (row + 1), x + size, y - size * row) for row in range(5)]
    to_degrees = Transformer.from_crs(epsg, 4326, always_xy=True)
    expected = [
        abs(Geod(ellps="WGS84").polygon_area_perimeter(*to_degrees.transform(*pixel.exterior.xy))[0])
        for pixel in pixels
    ]
    found = Ruler(f"EPSG:{epsg}").pixel_areas((size, 0, x, 0, -size, y), 1, 5)
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    # Web Mercator stretches areas by 1.85 here; degrees are not metres at all.
    assert 40 < found[0] < 100


def test_feet_and_grids_without_an_ellipsoid():
    square = np.array([shapely.box(0, 0, 100, 100)], object)
    local = 'LOCAL_CS["site",LOCAL_DATUM["site",0],UNIT["foot",0.3048],AXIS["x",EAST],AXIS["y",NORTH]]'
    assert Ruler(local).polygons(square)[0] == pytest.approx(30.48**2)
    assert Ruler(local).polygons(square)[1] == pytest.approx(4 * 30.48)
    feet = np.array([shapely.box(6e6, 2e6, 6e6 + 100, 2e6 + 100)], object)  # California, US survey feet
    assert Ruler("EPSG:2227").polygons(feet)[0] == pytest.approx(929.03, rel=1e-3)


def test_nothing_has_no_size():
    area, perimeter = Ruler("EPSG:4326").polygons(np.array([], object))
    assert area.shape == perimeter.shape == (0,)
