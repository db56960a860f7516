// Depth of an alpha-tested surface of a set.
#include "set_maps.glsl"
in vec4 v_color;

void main() {
    if (base_color(v_color).a < alpha_cutoff) discard;
}
