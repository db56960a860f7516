// Opens the points of a premultiplied picture into discs: two evenly spaced rings of taps, so that a
// point comes out round. Bright taps count for more, or points would fade instead of opening.
uniform sampler2D picture;
uniform vec2 radius;     // share of the picture's sides
in vec2 v_clip;
out vec4 out_color;

const int INNER = 8, OUTER = 16;

vec4 ring(vec2 uv, int count, float start, float size) {
    vec4 sum = vec4(0.0);
    for (int i = 0; i < count; ++i) {
        float turn = (float(i) + start) / float(count) * 6.2831853;
        vec4 tap = texture(picture, uv + vec2(cos(turn), sin(turn)) * size * radius);
        sum += tap * (1.0 + 1.5 * min(max(tap.r, max(tap.g, tap.b)), 2.0));
    }
    return sum;
}

void main() {
    vec2 uv = v_clip * 0.5 + 0.5;
    out_color = texture(picture, uv) + ring(uv, INNER, 0.0, 0.5) + ring(uv, OUTER, 0.5, 1.0);
}
