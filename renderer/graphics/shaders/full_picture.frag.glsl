// Draws a whole picture into a view of another shape: with black bars, or cropped.
in vec2 v_clip;
uniform sampler2D picture;
// Sides of the view in sides of the picture; above 1 there are bars.
uniform vec2 extent;
out vec4 out_color;

void main() {
    vec2 at = 0.5 + 0.5 * v_clip * extent;
    bool is_inside = all(greaterThanEqual(at, vec2(0.0))) && all(lessThanEqual(at, vec2(1.0)));
    // Row 0 of the target is the top row, as in the picture.
    vec3 color = texture(picture, at).rgb;
    out_color = vec4(is_inside ? color : vec3(0.0), 1.0);
}
