"""What QGIS shows for the fields of a layer: titles, descriptions and lists of values in the GeoPackage itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from ..errors import ScarpError
from .fields import Field

# The Schema extension of GeoPackage 1.2.
_TABLES = """
CREATE TABLE IF NOT EXISTS gpkg_data_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
    constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
    CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE IF NOT EXISTS gpkg_data_column_constraints (
    constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,
    max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
    CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
CREATE TABLE IF NOT EXISTS gpkg_extensions (
    table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
    CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
"""
_DEFINITION = "http://www.geopackage.org/spec120/#extension_schema"


def describe_fields(
    path: str | Path, layer: str, fields: Mapping[str, Field], values: Mapping[str, Mapping[str, str]]
) -> None:
    """Store titles and descriptions of the fields of a layer, and lists of values with their meaning.

    Args:
        path: The GeoPackage.
        layer: Name of the layer.
        fields: By name; the layer has them already.
        values: Field to value to meaning, for fields with a closed list.
    """
    columns = [
        (layer, name, field.title, field.title, field.description, f"{layer}_{name}" if name in values else None)
        for name, field in fields.items()
    ]
    constraints = [
        (f"{layer}_{name}", value, meaning) for name, listed in values.items() for value, meaning in listed.items()
    ]
    tables = ("gpkg_data_columns", "gpkg_data_column_constraints")
    try:
        with closing(sqlite3.connect(path)) as database, database:
            database.executescript(_TABLES)
            database.executemany(
                "INSERT OR REPLACE INTO gpkg_data_columns "
                "(table_name, column_name, name, title, description, constraint_name) VALUES (?, ?, ?, ?, ?, ?)",
                columns,
            )
            database.executemany(
                "INSERT OR REPLACE INTO gpkg_data_column_constraints "
                "(constraint_name, constraint_type, value, description) VALUES (?, 'enum', ?, ?)",
                constraints,
            )
            database.executemany(
                "INSERT OR IGNORE INTO gpkg_extensions VALUES (?, NULL, 'gpkg_schema', ?, 'read-write')",
                [(table, _DEFINITION) for table in tables],
            )
    except sqlite3.Error as error:
        raise ScarpError(
            f"'{path}' could not be written ({error}). Is the disk full, or the folder read-only? "
            "Free some space or choose another folder."
        ) from error
