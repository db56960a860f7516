// Lens flare sprite of a fixture; brightest where the beam points at the camera.
#include "frame.glsl"
in vec2 in_corner;      // x 0 to 1, y -1 to 1
in vec4 in_apex;
in vec4 in_axis;
in vec4 in_tint;
in vec4 in_gobo;        // z: relative size of the flare
uniform sampler2D depth;   // scene depth buffer, for the occlusion test
out vec2 v_at;
out vec3 v_color;

void main() {
    vec3 to = normalize(camera.xyz - in_apex.xyz);
    float towards = max(dot(to, in_axis.xyz), 0.0);
    vec4 at = view_projection * vec4(in_apex.xyz + to * 0.1, 1.0);
    vec2 uv = at.xy / at.w * 0.5 + 0.5;
    float seen = 0.0;
    for (int i = 0; i < 4; ++i) {
        vec2 tap = uv + 0.004 * vec2(i & 1, i >> 1) - 0.002;
        seen += distance_of(textureLod(depth, tap, 0.0).r) > at.w - 0.35 ? 0.25 : 0.0;
    }
    vec2 corner = vec2(in_corner.x * 2.0 - 1.0, in_corner.y);
    // Minimum screen size, so that a distant follow spot stays visible as a star.
    float size = (0.14 + 0.42 * towards * towards) * max(1.0, 0.13 * at.w) * (1.0 + 1.2 * in_gobo.z);
    at.xy += corner * size * vec2(view.y / view.x, 1.0);
    v_at = corner;
    // Desaturated against the beam: the lens is overexposed.
    vec3 pale = mix(in_tint.rgb, vec3(dot(in_tint.rgb, vec3(1.0 / 3.0))), 0.4);
    v_color = pale * (0.25 + 5.0 * pow(towards, 6.0)) * seen;
    gl_Position = at;
}
