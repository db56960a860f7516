// Surface of an avatar: MToon, glTF metallic-roughness (PHYSICAL) or unlit (UNLIT).
#ifdef TESTS_DEPTH_LATE
// With multisampling, llvmpipe shades a whole block of pixels for each triangle that touches it, even
// where it covers nothing, unless depth is tested after the shader. A shader that could write memory
// makes it do that; the picture is the same.
#extension GL_ARB_shader_storage_buffer_object : require
#endif
#include "frame.glsl"
#define RIM_PER_PIXEL   // derivatives exist: outlines use the same shading at vertices
#ifdef TESTS_DEPTH_LATE
buffer NeverWritten { uint never_written; };
#endif
#include "lights.glsl"
#include "shadow.glsl"
#ifdef LOOPED_LIGHTS
#include "gobo.glsl"
#endif
#include "material.glsl"
#include "environment.glsl"
#include "normal_map.glsl"
#ifdef PHYSICAL
#include "physical_shading.glsl"
#define SHADE_SURFACE(base, normal, uv) physical_shading(base, v_position, normal, unmapped, uv)
#else
#include "face.glsl"
#include "toon_shading.glsl"
#define SHADE_SURFACE(base, normal, uv) toon_shading(base, v_position, normal, uv)
#endif

in vec3 v_position;
in vec3 v_normal;
in vec2 v_uv;
#ifdef SECOND_UV
in vec2 v_second_uv;
#endif
out vec4 out_color;

// Returns the output colour. Only emission of opaque surfaces blooms, so that lit skin and cloth keep
// their painted colours.
vec4 toon_output(vec3 color, float alpha, vec3 emitted) {
#ifdef BLENDED
    return vec4(color, alpha);
#else
    return surface_output(color, clamp(dot(emitted, vec3(0.5)), 0.0, 1.0), v_position.y);
#endif
}

void main() {
#ifdef TESTS_DEPTH_LATE
    if (forward.w < 0.0) never_written = 1u;   // forward.w is 0 or 1
#endif
    vec2 uv = animated(v_uv);
#ifdef SECOND_UV
    second_uv = animated(v_second_uv);
#endif
    vec4 base = base_at(uv);
#ifdef CUTOUT
    if (base.a < material.details.z) discard;
#endif
    vec3 emitted = emission_at(uv);
#ifdef UNLIT
    out_color = toon_output(base.rgb + emitted, base.a, emitted);
#else
    vec3 normal = normalize(v_normal);
#ifdef DOUBLE_SIDED
    // Not the back of a narrow fold whose smooth normal faces the viewer: it would be a dark dot.
    if (!gl_FrontFacing && dot(normal, camera.xyz - v_position) < 0.0) normal = -normal;
#endif
    vec3 unmapped = normal;
#ifdef HAS_NORMAL
    normal = mapped_normal(normal, v_position, slot_uv(NORMAL, uv));
#endif
    out_color = toon_output(SHADE_SURFACE(base.rgb, normal, uv) + emitted, base.a, emitted);
#endif
}
