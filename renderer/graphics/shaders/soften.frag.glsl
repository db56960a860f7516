// Box blur: mean of four bilinear taps, offset diagonally by three quarters of a pixel.
uniform sampler2D picture;
in vec2 v_clip;
out vec4 out_color;

void main() {
    vec2 uv = v_clip * 0.5 + 0.5, px = 0.75 / vec2(textureSize(picture, 0));
    out_color = 0.25 * (texture(picture, uv - px) + texture(picture, uv + px * vec2(1, -1))
                      + texture(picture, uv + px * vec2(-1, 1)) + texture(picture, uv + px));
}
