// How far out of focus something is, 0 sharp to 1 full, at a distance along the camera's axis.
// `focus`: where blur begins, and over how many metres it becomes full.
float out_of_focus(float far, vec2 focus) {
    return clamp((far - focus.x) / focus.y, 0.0, 1.0);
}
