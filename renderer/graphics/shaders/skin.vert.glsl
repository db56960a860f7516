// Morph targets, then linear blend skinning; captured once per frame by transform feedback and used
// by every pass.
in vec3 in_position;
in vec3 in_normal;
in uvec4 in_joints;
in vec4 in_weights;
in uvec2 in_morphs;          // first entry, entry count
#ifdef HAS_TANGENT
in vec4 in_tangent;
out vec4 out_tangent;
#endif

uniform sampler2D pose;      // row per avatar: 3x4 matrix per joint (3 texels), then morph weights
uniform sampler2D morphs;    // two texels per entry: position delta and channel index, normal delta
uniform int row;
uniform int first_weight;    // texel offset of the morph weights in a row

out vec3 out_position;
out vec3 out_normal;

void main() {
    vec3 position = in_position;
    vec3 normal = in_normal;
    int width = textureSize(morphs, 0).x;
    for (uint entry = in_morphs.x; entry < in_morphs.x + in_morphs.y; ++entry) {
        int texel = int(entry) * 2;
        ivec2 at = ivec2(texel % width, texel / width);
        vec4 moved = texelFetch(morphs, at, 0);
        int channel = int(moved.w);
        float weight = texelFetch(pose, ivec2(first_weight + channel / 4, row), 0)[channel % 4];
        if (weight != 0.0) {
            position += weight * moved.xyz;
            normal += weight * texelFetch(morphs, at + ivec2(1, 0), 0).xyz;
        }
    }
    vec4 x = vec4(0.0), y = vec4(0.0), z = vec4(0.0);
    for (int i = 0; i < 4; ++i) {
        int joint = 3 * int(in_joints[i]);
        x += in_weights[i] * texelFetch(pose, ivec2(joint, row), 0);
        y += in_weights[i] * texelFetch(pose, ivec2(joint + 1, row), 0);
        z += in_weights[i] * texelFetch(pose, ivec2(joint + 2, row), 0);
    }
    vec4 point = vec4(position, 1.0);
    out_position = vec3(dot(x, point), dot(y, point), dot(z, point));
    vec3 turned = vec3(dot(x.xyz, normal), dot(y.xyz, normal), dot(z.xyz, normal));
    out_normal = turned * inversesqrt(max(dot(turned, turned), 1e-20));
#ifdef HAS_TANGENT
    vec3 along = vec3(dot(x.xyz, in_tangent.xyz), dot(y.xyz, in_tangent.xyz), dot(z.xyz, in_tangent.xyz));
    out_tangent = vec4(along, in_tangent.w);
#endif
    gl_Position = vec4(out_position, 1.0);
}
