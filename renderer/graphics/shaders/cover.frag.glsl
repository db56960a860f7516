// Writes full coverage (alpha 1).
out vec4 out_color;

void main() { out_color = vec4(0.0, 0.0, 0.0, 1.0); }
