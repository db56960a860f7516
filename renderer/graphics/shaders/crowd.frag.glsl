centroid in vec3 v_color;
centroid in vec3 v_shape;
centroid in float v_fade;
out vec4 out_color;

void main() {
    if (v_shape.z < 0.5) {
        out_color = vec4(v_color, 0.0);
        return;
    }
    // Light stick: a pale core and a saturated rim, as of a translucent tube.
    float core = 1.0 - v_shape.x * v_shape.x;
    vec3 pale = vec3(dot(v_color, vec3(0.34))) + v_color * 0.4;
    vec3 color = mix(v_color, pale, core * core * 0.55);
    out_color = vec4(color * (0.6 + core) * mix(0.5, 1.0, v_fade), mix(0.6, 1.0, v_fade));
}
