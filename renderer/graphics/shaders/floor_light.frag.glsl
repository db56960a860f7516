// Surface of a flat floor whose light has been drawn at a reduced size; alpha of that target is 1 where
// the floor covers it.
#include "frame.glsl"
in vec3 v_position;
out vec4 out_color;
uniform sampler2D floor_light;

void main() {
    vec4 light = texture(floor_light, gl_FragCoord.xy / view.xy);
    out_color = surface_output(light.rgb / max(light.a, 1e-3), 0.0, v_position.y);
}
