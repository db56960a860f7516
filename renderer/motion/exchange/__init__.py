"""Animation files of other programs: import and export of BVH, VRMA and glTF."""
