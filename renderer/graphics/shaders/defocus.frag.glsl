// Half-resolution background layer of the depth of field, or with FOREGROUND the foreground layer,
// premultiplied by the blur factor (alpha).
#include "frame.glsl"
#include "focus.glsl"
uniform sampler2D scene;
uniform sampler2D depth;
uniform vec3 focus;
out vec4 out_color;

const float BRIGHTEST = 6.0;

void main() {
    ivec2 corner = 2 * ivec2(gl_FragCoord.xy);
    vec4 sum = vec4(0.0);
    for (int i = 0; i < 4; ++i) {
        ivec2 at = corner + ivec2(i & 1, i >> 1);
        float far = distance_of(texelFetch(depth, at, 0).r);
#ifdef FOREGROUND
        float share = before_focus(far, focus);
#else
        float share = behind_focus(far, focus);
#endif
        sum += vec4(clamp(texelFetch(scene, at, 0).rgb, 0.0, BRIGHTEST) * share, share);
    }
    out_color = 0.25 * sum;
}
