// Light scattered by a fog particle, blended additively: soft at the particle's edge and where it
// intersects the scene (soft particles).
#include "frame.glsl"
in vec2 v_at;
flat in vec4 v_color;
flat in vec2 v_puff;
in float v_far;
out vec4 out_color;
uniform sampler2D depth;       // scene depth buffer
uniform sampler2D smoke;       // tileable noise, mean 0.5
uniform vec2 size;             // render target size [pixels]

void main() {
    float solid = distance_of(texture(depth, gl_FragCoord.xy / size).r);
    float before = smoothstep(-v_puff.x, v_puff.x, solid - v_far);
    float billow = texture(smoke, v_at * 0.16 + v_puff.y * vec2(3.1, 7.7)).r;
    float round_ = max(1.0 - dot(v_at, v_at), 0.0);
    out_color = vec4(v_color.rgb * (v_color.a * round_ * round_ * (0.25 + 1.5 * billow) * before), 1.0);
}
