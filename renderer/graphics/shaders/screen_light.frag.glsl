// Screens out of focus, which have been drawn at a reduced size.
#include "frame.glsl"
out vec4 out_color;
uniform sampler2D screen_light;

void main() { out_color = texture(screen_light, gl_FragCoord.xy / view.xy); }
