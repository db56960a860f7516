// Blur factors at a view-space depth `far` [m]: 0 in focus, 1 full blur.
// `focus`: x depth at which background blur starts [m], y depth range over which it reaches 1 [m],
// z depth at which foreground blur starts [m]; it reaches 1 at half that depth. z = 0 disables it.
float behind_focus(float far, vec3 focus) {
    return clamp((far - focus.x) / focus.y, 0.0, 1.0);
}

float before_focus(float far, vec3 focus) {
    return clamp(2.0 - 2.0 * far / max(focus.z, 1e-3), 0.0, 1.0);
}
