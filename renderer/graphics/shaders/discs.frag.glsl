// Disc-shaped bokeh blur of a premultiplied image: a centre tap and two rings of evenly spaced taps.
// Bright taps get a higher weight, so that highlights spread into discs instead of fading.
// FOREGROUND normalises the sum, so that alpha is the disc's coverage.
uniform sampler2D picture;
uniform vec2 radius;     // circle of confusion, as a fraction of width and height
in vec2 v_clip;
out vec4 out_color;

const int INNER = 8, OUTER = 16;

float total = 1.0;       // weight of all taps

vec4 ring(vec2 uv, int count, float start, float size) {
    vec4 sum = vec4(0.0);
    for (int i = 0; i < count; ++i) {
        float turn = (float(i) + start) / float(count) * 6.2831853;
        vec4 tap = texture(picture, uv + vec2(cos(turn), sin(turn)) * size * radius);
        float weight = 1.0 + 1.5 * min(max(tap.r, max(tap.g, tap.b)), 2.0);
        sum += tap * weight;
        total += weight;
    }
    return sum;
}

void main() {
    vec2 uv = v_clip * 0.5 + 0.5;
    vec4 sum = texture(picture, uv) + ring(uv, INNER, 0.0, 0.5) + ring(uv, OUTER, 0.5, 1.0);
#ifdef FOREGROUND
    sum /= total;
#endif
    out_color = sum;
}
