"""Finding, checking, creating and talking to the Python that holds torch. Standard library only: QGIS runs it."""
