// Scales a picture to the target's size with bilinear filtering.
uniform sampler2D picture;
in vec2 v_clip;
out vec4 out_color;

void main() {
    out_color = textureLod(picture, v_clip * 0.5 + 0.5, 0.0);
}
