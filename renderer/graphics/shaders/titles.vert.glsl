// Rectangles of titles, one per instance, in pixels from the picture's upper left corner.
in vec2 in_corner;     // 0 or 1
in vec4 in_box;        // left, top, right, bottom [pixels]
in vec4 in_texels;     // left, top, right, bottom in the atlas [texels]
in vec4 in_color;
in vec4 in_other;
in vec4 in_style;      // x up to which text is sung [pixels]; opacity; kind; unused
uniform vec2 size;     // picture size [pixels]
uniform vec2 atlas_size;

out vec2 v_at;
out vec2 v_texel;
out float v_across;
flat out vec4 v_color;
flat out vec4 v_other;
flat out vec4 v_style;

void main() {
    v_at = mix(in_box.xy, in_box.zw, in_corner);
    v_texel = mix(in_texels.xy, in_texels.zw, in_corner) / atlas_size;
    v_across = in_corner.x;
    v_color = in_color;
    v_other = in_other;
    v_style = in_style;
    // Row 0 of the target is the top row.
    gl_Position = vec4(v_at / size * 2.0 - 1.0, 0.0, 1.0);
}
