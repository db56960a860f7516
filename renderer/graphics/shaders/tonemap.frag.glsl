// Linear light to display-ready sRGB, turned so that the first row is the top one: for states that
// ask for no effect. grade.frag.glsl does the same where they do.
#include "tone_curve.glsl"
uniform sampler2D scene;
out vec4 out_color;

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    at.y = textureSize(scene, 0).y - 1 - at.y;
    vec3 color = encoded(bent(max(texelFetch(scene, at, 0).rgb, 0.0)));
    out_color = vec4(color + dither(gl_FragCoord.xy), 1.0);
}
