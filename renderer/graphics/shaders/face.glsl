// Shading of faces. Occluders close to the face (nose, fringe, locks, chin) cast no shadow on it,
// except for a soft shadow of the fringe on the forehead; distant ones (a hand, a partner) do.
// Requires lights.glsl and shadow.glsl; v_face comes from drawables/faces.py.
#ifdef FACE
in vec4 v_face;   // weights of face and forehead; z: relief that the bent normals have lost; w: chin's shadow

const float OWN_HEAD_M = 0.16;     // occluders within this distance belong to the head itself [m]
const vec2 FRINGE_M = vec2(0.010, 0.028);   // heights of the two fringe shadow samples [m]
const float FORM = 5.0;            // weight of the shade colour on the sides of nose, lips and jaw
const float BENEATH = 0.9;         // its weight in the chin's shadow
const float ROUND = 0.55;          // its weight on surfaces that face away from light or viewer

// Returns the share of the light that reaches a face. `fringe`: share that the fringe blocks from the
// forehead.
float face_shadow(Light light, vec3 point, vec3 normal, vec3 towards, out float fringe) {
    fringe = 0.0;
    if (light.reach.z == 0.0) return 1.0;
    float all = shadowed(light, point, normal, towards);
    float distant = shadowed(light, point + towards * OWN_HEAD_M, normal, towards);
    // Two samples at different heights soften the edge at any light angle. Hair is so close to the
    // skin that a larger offset along the normal would step through it.
    vec3 start = point + normal * 0.006;
    float near = 0.5 * (light_reaching(light, start + vec3(0.0, FRINGE_M.x, 0.0))
                      + light_reaching(light, start + vec3(0.0, FRINGE_M.y, 0.0)));
    fringe = max(distant - near, 0.0) * v_face.y;
    return mix(all, distant * (1.0 - fringe), v_face.x);
}

vec3 fringe_tint(float fringe) {
    return 1.0 - fringe * vec3(0.14, 0.20, 0.15);
}

// Returns the factor of the soft relief shading within a face's lit side.
float face_form(vec3 normal, vec3 towards, vec3 viewer) {
    float turned = 1.0 - smoothstep(-0.1, 0.9, min(dot(normal, towards), dot(normal, viewer)));
    return 1.0 - max(v_face.x * min(FORM * v_face.z + ROUND * turned, 0.7), BENEATH * v_face.w);
}
#endif
