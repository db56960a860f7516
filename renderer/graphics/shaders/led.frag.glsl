// LED screens. CONTENT is 0 for bars, 1 for a sunburst, 2 for a veil, 3 for a picture or video, 4 for a
// panel in the floor, 5 for the program. Side screens may have pictures of their own. uv runs
// from 0 to 1, v up, and is snapped to the screen's emitters where they can be seen.
#include "frame.glsl"
#if CONTENT < 3 || CONTENT == 4
#include "led_content.glsl"
#endif
#if CONTENT == 4
#include "led_floor.glsl"
#endif
centroid in vec2 v_uv;   // centroid: edge samples would extrapolate beyond 0 to 1
in vec3 v_position;
flat in vec3 v_screen;         // x: 0 generated content, n crop n - 1 of the program; yz: emitters along u, v
out vec4 out_color;
uniform sampler2D words;       // one line of text, white on black, repeating along u
uniform sampler2D program;     // the previous frame
uniform sampler2D media;       // a picture or a frame of a video, top row first
uniform vec4 cover;            // the part of it that is shown: left, top, width, height; black outside 0 to 1
uniform float beat;
uniform float level;
uniform vec3 cool;
uniform vec3 warm;
uniform float dots;            // 1 draws LED emitters; 0 where the screen is out of focus (moire)
uniform vec3 words_at;         // left and width of the wall in the text texture's u; height of the text in v
uniform float sung_to;         // u of the text texture up to which lyrics are sung
uniform sampler2D own_1;       // pictures of the side screens' own cameras
uniform sampler2D own_2;
uniform int own_count;         // how many there are in this frame
uniform vec4 crops[5];         // program crop per side screen and for a wall: left, top, width, height

#if CONTENT == 4
const float BLOOM = 0.35;   // the floor pass dims reflections by it
const float GLASS = 0.02;   // reflectance
#else
const float BLOOM = 0.55;
#endif

#if CONTENT == 5
vec3 program_at(vec2 uv) {
    vec4 crop = crops[clamp(int(v_screen.x + 0.5) - 1, 0, 4)];
    vec3 shown = texture(program, crop.xy + crop.zw * vec2(uv.x, 1.0 - uv.y)).rgb;
    int number = min(int(v_screen.x + 0.5), own_count);
    if (number > 0 && v_screen.x < 4.5)
        shown = number == 1 ? texture(own_1, vec2(uv.x, 1.0 - uv.y)).rgb : texture(own_2, vec2(uv.x, 1.0 - uv.y)).rgb;
    vec2 rim = min(uv, 1.0 - uv) * vec2(2.0, 3.0);
    return shown * shown * 0.85 + cool * smoothstep(0.03, 0.0, min(rim.x, rim.y) - 0.01) * 0.8;
}
#elif CONTENT < 3
vec3 generated_at(vec2 uv) {
    float x = uv.x * 2.0 - 1.0;
#if CONTENT == 0
    vec3 color = bars(x, uv.y, beat, cool, warm);
#elif CONTENT == 1
    vec3 color = sunburst(x, uv.y, beat, cool, warm);
#else
    vec3 color = veil(x, uv.y, beat, cool, warm);
#endif
    vec2 band = vec2(words_at.x + uv.x * words_at.y, (0.975 - uv.y) / max(words_at.z, 1e-6));
    if (words_at.z > 0.0 && band.y > 0.0 && band.y < 1.0) {
        vec3 tint = band.x < sung_to ? mix(warm, vec3(1.0), 0.15) : mix(cool, vec3(1.0), 0.55);
        color = color * 0.15 + texture(words, band).r * tint * 1.15;
    }
    return color;
}
#endif

void main() {
    // Rounding puts edge pixels slightly outside [0, 1], where roots and powers would return NaN.
    vec2 place = clamp(v_uv, 0.0, 1.0);
    vec2 cell = place * v_screen.yz;
    vec2 uv = (floor(cell) + 0.5) / v_screen.yz;
    float footprint = max(fwidth(cell.x), fwidth(cell.y));
    // Round emitter per LED; its mean (0.55) as the LED's footprint shrinks below a screen pixel.
    float emitter = smoothstep(0.5, 0.25, length(fract(cell) - 0.5));
    float mask = mix(0.55, mix(emitter, 0.55, smoothstep(0.08, 0.28, footprint)), dots);
    if (footprint > 0.28 || dots < 0.5) uv = place;
#if CONTENT == 3
    vec2 at = cover.xy + cover.zw * vec2(uv.x, 1.0 - uv.y);
    vec3 color = at == clamp(at, 0.0, 1.0) ? texture(media, at).rgb : vec3(0.0);
#elif CONTENT == 4
    vec3 color = floor_content(uv, 2.0 * v_screen.z / v_screen.y, beat, cool, warm);
#elif CONTENT == 5
    vec3 color = program_at(uv);
#else
    vec3 color = generated_at(uv);
#endif
    color *= mask * level * 1.8;
#if CONTENT == 4
    // Reflection of the ambient light by the panel's cover, and scattering of its emitters' light in it.
    color += GLASS * (ambient.rgb + 0.5 * level * cool);
#endif
    out_color = surface_output(color, BLOOM, v_position.y);
}
