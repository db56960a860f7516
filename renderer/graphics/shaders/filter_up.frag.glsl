// Dual filter, upsampling step: Bjorge, "Bandwidth-efficient rendering", SIGGRAPH 2015.
uniform sampler2D picture;
uniform float gain;
in vec2 v_clip;
out vec4 out_color;

void main() {
    vec2 uv = v_clip * 0.5 + 0.5, px = 1.0 / vec2(textureSize(picture, 0));
    vec4 sum = texture(picture, uv + px * vec2(-1, 0)) + texture(picture, uv + px * vec2(1, 0))
             + texture(picture, uv + px * vec2(0, -1)) + texture(picture, uv + px * vec2(0, 1))
             + 2.0 * (texture(picture, uv - 0.5 * px) + texture(picture, uv + px * vec2(0.5, -0.5))
                    + texture(picture, uv + px * vec2(-0.5, 0.5)) + texture(picture, uv + 0.5 * px));
    sum /= 12.0;
    out_color = vec4(sum.rgb * gain, sum.a);
}
