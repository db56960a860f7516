// Converts premultiplied to straight alpha, which recordings use.
uniform sampler2D picture;   // row 0 is the top row
out vec4 out_color;

void main() {
    vec4 color = texelFetch(picture, ivec2(gl_FragCoord.xy), 0);
    out_color = vec4(min(color.rgb / max(color.a, 1.0 / 255.0), 1.0), color.a);
}
