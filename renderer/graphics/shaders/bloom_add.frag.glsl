// Adds the finished bloom to the light of beams and jets, so that the grade samples one picture of both.
uniform sampler2D picture;
uniform float gain;
in vec2 v_clip;
out vec4 out_color;

void main() { out_color = vec4(texture(picture, v_clip * 0.5 + 0.5).rgb * gain, 0.0); }
