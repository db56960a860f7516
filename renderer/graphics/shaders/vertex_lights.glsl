// The unrolled lights after the key, evaluated at a vertex: LIGHTS_AT_VERTICES. A software rasteriser
// pays for each light at every pixel of every triangle, but at each vertex once; a mesh must be dense for
// it. Requires frame.glsl, lights.glsl and material.glsl.
out vec4 v_added;   // rgb: light that arrives, times the lit share; w: its share that comes from behind

void light_vertex(vec3 position, vec3 normal) {
#ifdef DOUBLE_SIDED
    // The inside of a surface. Up to its outline, a normal may face away on the outside, too.
    vec3 viewer = camera.xyz - position;
    if (dot(normal, viewer) < -0.35 * length(viewer)) normal = -normal;
#endif
    float steep = 1.0 / max(2.0 - 2.0 * material.emissive.w, 1e-4);
    float ramp = (material.shade.w + 1.0 - material.emissive.w) * steep;
    vec3 added = vec3(0.0), behind = vec3(0.0), towards, arrives;
#define ADD_AT_VERTEX(i) \
    arrives = arriving(lights[i], position, towards) * clamp(dot(normal, towards) * steep + ramp, 0.0, 1.0); \
    added += arrives; \
    behind += arrives * clamp(2.0 * dot(towards, forward.xyz), 0.0, 1.0);
    FOR_UNROLLED_LIGHTS(ADD_AT_VERTEX)
    v_added = vec4(added, dot(behind, vec3(1.0)) / max(dot(added, vec3(1.0)), 1e-6));
}
