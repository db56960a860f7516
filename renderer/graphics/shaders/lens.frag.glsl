in vec2 v_at;
in vec3 v_color;
out vec4 out_color;

void main() {
    float squared = dot(v_at, v_at);
    out_color = vec4(v_color * (4.0 * exp(-60.0 * squared) + 0.12 * exp(-7.0 * squared)) * max(0.0, 1.0 - squared), 1.0);
}
