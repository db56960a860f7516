// Linear light to display-referred sRGB, flipped so that row 0 is the top row. Used for frames
// without post effects; frames with effects use grade.frag.glsl.
#include "tone_curve.glsl"
uniform sampler2D scene;
out vec4 out_color;

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    at.y = textureSize(scene, 0).y - 1 - at.y;
    vec3 color = encoded(bent(max(texelFetch(scene, at, 0).rgb, 0.0)));
    out_color = vec4(color + dither(gl_FragCoord.xy), 1.0);
}
