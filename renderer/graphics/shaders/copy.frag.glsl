// Copies a picture texel by texel, unfiltered.
uniform sampler2D picture;
out vec4 out_color;

void main() { out_color = texelFetch(picture, ivec2(gl_FragCoord.xy), 0); }
