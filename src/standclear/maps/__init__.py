# SPDX-License-Identifier: Apache-2.0
"""Maps that whoever runs a centre or a mirror lays beside it: PMTiles, MBTiles, GeoJSON, read as they are asked for.

They are drawn under the notices and decide nothing.
"""

from standclear.maps.folder import Layers, OwnMap, Remote, read_folder, read_remote

__all__ = ["Layers", "OwnMap", "Remote", "read_folder", "read_remote"]
