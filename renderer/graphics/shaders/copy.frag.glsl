// A picture in another size: the mean of four texels around.
uniform sampler2D picture;
in vec2 v_clip;
out vec4 out_color;

void main() {
    vec2 at = 0.5 + 0.5 * v_clip;
    vec2 step_ = 0.25 * abs(vec2(dFdx(at.x), dFdy(at.y)));
    vec3 sum = vec3(0.0);
    for (int i = -1; i <= 1; i += 2)
        for (int j = -1; j <= 1; j += 2)
            sum += texture(picture, at + vec2(i, j) * step_).rgb;
    out_color = vec4(0.25 * sum, 1.0);
}
