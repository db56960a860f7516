// Full-screen triangle; `v_clip` runs from -1 to 1 across the viewport.
out vec2 v_clip;

void main() {
    v_clip = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
    // On the far plane: with the depth test on, only uncovered pixels are drawn.
    gl_Position = vec4(v_clip, 1.0, 1.0);
}
