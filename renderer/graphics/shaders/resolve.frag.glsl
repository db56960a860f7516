// MSAA resolve with tone-mapped weights, 1 / (1 + peak) per sample: a plain mean of linear light
// aliases at bright edges. Source: Karis, "High Quality Temporal Supersampling", SIGGRAPH 2014.
// Depth resolves to the nearest sample, so that edge pixels belong to the foreground. KEYED excludes
// uncovered samples from the mean and outputs it premultiplied by the coverage.
uniform sampler2DMS scene;
uniform sampler2DMS depth;
#ifdef KEYED
uniform sampler2DMS coverage;
#endif
out vec4 out_color;

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    vec4 sum = vec4(0.0);
    float total = 0.0, nearest = 1.0;
#ifdef KEYED
    float covered = 0.0;
#endif
    for (int i = 0; i < SAMPLES; ++i) {
        vec4 color = texelFetch(scene, at, i);
        // A single sample that is not finite would spread over the picture in every later blur. A NaN fails
        // every comparison, so that one is enough.
        if (!(abs(color.r + color.g + color.b + color.a) < 1e6)) color = vec4(0.0);
        float weight = 1.0 / (1.0 + max(color.r, max(color.g, color.b)));
        sum += color * weight;
#ifdef KEYED
        float alpha = texelFetch(coverage, at, i).a;
        total += weight * alpha;
        covered += alpha;
#else
        total += weight;
#endif
        nearest = min(nearest, texelFetch(depth, at, i).r);
    }
#ifdef KEYED
    sum *= covered / float(SAMPLES);
    total = max(total, 1e-4);
#endif
    out_color = sum / total;
    gl_FragDepth = nearest;
}
