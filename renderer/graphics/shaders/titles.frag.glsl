// Titles in display-referred values, blended premultiplied over the graded picture.
in vec2 v_at;
in vec2 v_texel;
in float v_across;
flat in vec4 v_color;
flat in vec4 v_other;
flat in vec4 v_style;
out vec4 out_color;
uniform sampler2D atlas;

const float SHADOW = 0.60;                        // opacity of the drop shadow
const vec3 EDGE = vec3(0.02, 0.02, 0.05);         // sRGB colour of the text's outline

vec4 over(vec4 front, vec4 back) { return front + back * (1.0 - front.a); }

vec4 premultiplied(vec4 color, float coverage) {
    float alpha = color.a * coverage;
    return vec4(color.rgb * alpha, alpha);
}

void main() {
    vec4 color;
    if (v_style.z < 0.5) {
        // Plate: horizontal gradient between two colours.
        color = premultiplied(mix(v_color, v_other, smoothstep(0.45, 1.0, v_across)), 1.0);
    } else if (v_style.z < 1.5) {
        // Text. The wipe's edge is two pixels wide, so that it moves smoothly.
        vec3 cover = texture(atlas, v_texel).rgb;
        float sung = clamp(0.5 * (v_style.x - v_at.x) + 0.5, 0.0, 1.0);
        color = premultiplied(vec4(0.0, 0.0, 0.0, SHADOW), cover.b);
        color = over(premultiplied(vec4(EDGE, 0.92), cover.g), color);
        color = over(premultiplied(mix(v_color, v_other, sung), cover.r), color);
    } else {
        color = texture(atlas, v_texel);
    }
    out_color = color * v_style.y;
}
