// Transmission of a fixture's gobo and framing blades. Requires lights.glsl.
uniform sampler2DArray gobo_map;   // transmission, one layer per gobo; row 0 is the top row

vec2 turned(vec2 at, float angle) {
    float c = cos(angle), s = sin(angle);
    return vec2(c * at.x + s * at.y, c * at.y - s * at.x);
}

// Returns a gobo's transmission at a position across the beam, -1 to 1, right and up as seen from the
// fixture.
float gobo_at(float layer, float angle, vec2 at) {
    return texture(gobo_map, vec3(turned(at, angle) * vec2(0.5, -0.5) + 0.5, layer)).r;
}

// Returns the transmission, 0 to 1. `towards`: unit vector from the point to the light.
float shaped(Light light, vec3 towards) {
    if (light.gobo.w == 0.0) return 1.0;
    vec3 away = -towards, right = light.across.xyz;
    vec3 up = cross(right, light.direction.xyz);
    vec2 at = vec2(dot(away, right), dot(away, up)) * (light.across.w / max(dot(away, light.direction.xyz), 0.05));
    vec2 framed = turned(at, light.gobo.z);
    // Each blade enters from its own side of the beam; its edge is blurred over 0.04 beam radii.
    vec4 inside = 1.0 - light.shutter - vec4(framed.y, framed.x, -framed.y, -framed.x);
    vec4 open = clamp(inside / 0.04 + 0.5, 0.0, 1.0);
    float light_left = open.x * open.y * open.z * open.w;
    float pattern = gobo_at(max(light.gobo.x, 0.0), light.gobo.y, at);
    return light.gobo.x >= 0.0 ? light_left * pattern : light_left;
}
