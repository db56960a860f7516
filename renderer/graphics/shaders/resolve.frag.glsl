// Joins samples, each weighted by what it will weigh on the screen, 1 / (1 + peak): a plain mean of
// linear light would leave steps at every bright edge. Source: Karis, "High Quality Temporal
// Supersampling", SIGGRAPH 2014. The nearest sample gives the depth, so that edges belong to what
// stands in front.
uniform sampler2DMS scene;
uniform sampler2DMS depth;
out vec4 out_color;

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    vec4 sum = vec4(0.0);
    float total = 0.0, nearest = 1.0;
    for (int i = 0; i < SAMPLES; ++i) {
        vec4 color = texelFetch(scene, at, i);
        float weight = 1.0 / (1.0 + max(color.r, max(color.g, color.b)));
        sum += color * weight;
        total += weight;
        nearest = min(nearest, texelFetch(depth, at, i).r);
    }
    out_color = sum / total;
    gl_FragDepth = nearest;
}
