// Averages the coverage (alpha) of a pixel's MSAA samples.
uniform sampler2DMS coverage;
out vec4 out_color;

void main() {
    float sum = 0.0;
    for (int i = 0; i < SAMPLES; ++i) sum += texelFetch(coverage, ivec2(gl_FragCoord.xy), i).a;
    out_color = vec4(0.0, 0.0, 0.0, sum / float(SAMPLES));
}
