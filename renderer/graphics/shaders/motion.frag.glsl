// Screen-space path of an avatar's surface during the exposure, as a fraction of the picture; b is 1
// where there is a surface.
in vec4 v_now;
in vec4 v_opened;
out vec4 out_path;

void main() {
    vec2 path = vec2(0.0);
    if (v_opened.w > 0.0) path = 0.5 * (v_now.xy / v_now.w - v_opened.xy / v_opened.w);
    out_path = vec4(path, 1.0, 0.0);
}
