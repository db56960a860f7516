// Depth alone, with the holes of alpha-tested materials.
#ifdef CUTOUT
#include "frame.glsl"
#include "material.glsl"
in vec2 v_uv;
void main() {
    if (base_at(animated(v_uv)).a < material.details.z) discard;
}
#else
void main() {}
#endif
