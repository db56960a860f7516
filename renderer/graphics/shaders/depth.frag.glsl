#ifdef CUTOUT
#include "frame.glsl"
#include "material.glsl"
in vec2 v_uv;
void main() {
    if (base_at(v_uv).a < material.details.z) discard;
}
#else
void main() {}
#endif
