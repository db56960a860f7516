// Set with irradiance baked into its vertices, one channel per light group. Each group's colour is a
// uniform, so that a show can change it; emissive strips take the show's tint and pulse on the beat.
#include "frame.glsl"
#include "beat.glsl"
invariant gl_Position;
in vec3 in_position;
in vec3 in_color;      // rgb linear reflectance
in vec4 in_light;      // per light group: sqrt(irradiance / STRONGEST)
in vec4 in_emissive;   // rgb linear; a: 1 on emissive strips
uniform vec4 groups[4];
uniform vec4 strip;    // rgb tint; w: blend factor of the tint
uniform float strip_level;
uniform float beat;
centroid out vec4 v_color;      // a: bloom weight

const float STRONGEST = 2.0;   // upper bound of baked irradiance, as in bake.py

void main() {
    vec4 light = in_light * in_light * STRONGEST;
    vec3 irradiance = ambient.rgb;
    for (int i = 0; i < 4; ++i) irradiance += light[i] * groups[i].rgb;
    float own = dot(in_emissive.rgb, vec3(1.0 / 3.0));
    vec3 tinted = mix(in_emissive.rgb, own * strip.rgb, strip.a) * strip_level
        * (0.55 + 0.45 * pulse_at(beat, 3.0));
    vec3 glow = in_emissive.a > 0.5 ? tinted : in_emissive.rgb;
    v_color = vec4(in_color * irradiance + glow, own > 0.0 ? 1.0 : 0.0);
    gl_Position = view_projection * vec4(in_position, 1.0);
}
