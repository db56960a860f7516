// Planar reflection, added to the floor: sharp at the contact point, blurred with height. The alpha
// channel of the reflection holds the height of the reflected surface above the floor [m].
#include "frame.glsl"
#include "floor.glsl"
in vec3 v_position;
out vec4 out_color;
uniform sampler2D mirrored;
uniform sampler2D softened;    // the same, downsampled and blurred
uniform float strength;

const float BRIGHTEST = 2.5;
const float SPREAD = 0.10;     // blur radius in image heights, per metre of height at 1 m distance

void main() {
    float share = shows_floor(gl_FragCoord.xy);
    if (share <= 0.0) discard;
    vec2 uv = gl_FragCoord.xy / view.xy;
    vec4 soft = texture(softened, uv);
    vec2 spread = vec2(0.0, SPREAD * (0.1 + soft.a) * gl_FragCoord.w);
    soft = 0.5 * (texture(softened, uv + spread) + texture(softened, uv - spread));
    vec3 seen = mix(texture(mirrored, uv).rgb, soft.rgb, smoothstep(0.0, 0.5, soft.a));
    vec3 viewer = camera.xyz - v_position;
    float grazing = 1.0 - clamp(viewer.y * inversesqrt(dot(viewer, viewer)), 0.0, 1.0);
    float fresnel = 0.10 + 0.90 * grazing * grazing * grazing;
    out_color = vec4(min(seen, BRIGHTEST) * (strength * fresnel * share), 0.0);
}
