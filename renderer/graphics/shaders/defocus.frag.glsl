// The background alone, at half size, premultiplied by how far out of focus it is (alpha).
#include "frame.glsl"
#include "focus.glsl"
uniform sampler2D scene;
uniform sampler2D depth;
uniform vec2 focus;
out vec4 out_color;

const float BRIGHTEST = 6.0;

void main() {
    ivec2 corner = 2 * ivec2(gl_FragCoord.xy);
    vec4 sum = vec4(0.0);
    for (int i = 0; i < 4; ++i) {
        ivec2 at = corner + ivec2(i & 1, i >> 1);
        float share = out_of_focus(distance_of(texelFetch(depth, at, 0).r), focus);
        sum += vec4(clamp(texelFetch(scene, at, 0).rgb, 0.0, BRIGHTEST) * share, share);
    }
    out_color = 0.25 * sum;
}
