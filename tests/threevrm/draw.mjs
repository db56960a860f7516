// Draws a VRM with three-vrm in a browser, lit by one directional light before black.
//
// draw({file, size, camera: {position, target, fovDegrees, near, far}, seconds,
//       light: {position, target, color}, mended}) returns a PNG as a data URL.
// The light's colour is what a white matt surface that faces it shows; three.js divides by pi.
// Mended, surfaces are blended in linear light, before the tone curve, and outline widths in screen
// coordinates are fractions of the picture's height.

import {
  Color,
  CustomToneMapping,
  DirectionalLight,
  HalfFloatType,
  Mesh,
  PerspectiveCamera,
  PlaneGeometry,
  Scene,
  ShaderChunk,
  ShaderMaterial,
  WebGLRenderTarget,
  WebGLRenderer,
} from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { VRMLoaderPlugin, VRMUtils } from "@pixiv/three-vrm";

// The same curve as shaders/tone_curve.glsl, so that materials alone are compared.
const CURVE = `
vec3 CustomToneMapping(vec3 color) {
  float peak = max(color.r, max(color.g, color.b));
  if (peak < 0.8) return color;
  float bounded = 1.0 - 0.04 / (peak - 0.6);
  float pale = 1.0 - 1.0 / (0.15 * (peak - bounded) + 1.0);
  return mix(color * (bounded / peak), vec3(bounded), pale);
}`;
ShaderChunk.tonemapping_pars_fragment = ShaderChunk.tonemapping_pars_fragment.replace(
  /vec3 CustomToneMapping\(.*?\}/,
  CURVE,
);

const canvas = document.getElementById("canvas");
const renderer = new WebGLRenderer({ canvas, antialias: false, preserveDrawingBuffer: true });
renderer.toneMapping = CustomToneMapping;

const finish = new ShaderMaterial({
  uniforms: { picture: { value: null } },
  vertexShader: `
varying vec2 place;
void main() {
  place = uv;
  gl_Position = vec4(position.xy, 0.0, 1.0);
}`,
  fragmentShader: `
uniform sampler2D picture;
varying vec2 place;
void main() {
  gl_FragColor = texture2D(picture, place);
  #include <tonemapping_fragment>
  #include <colorspace_fragment>
}`,
  depthTest: false,
  depthWrite: false,
});
const whole = new Mesh(new PlaneGeometry(2.0, 2.0), finish);
whole.frustumCulled = false;

// Renders to a target, which holds linear light, and from there to the canvas.
function renderLinear(scene, camera, size) {
  const target = new WebGLRenderTarget(size, size, { type: HalfFloatType });
  renderer.setRenderTarget(target);
  renderer.render(scene, camera);
  renderer.setRenderTarget(null);
  finish.uniforms.picture.value = target.texture;
  renderer.render(whole, camera);
  target.dispose();
}

async function load(file) {
  const loader = new GLTFLoader();
  loader.register((parser) => new VRMLoaderPlugin(parser));
  const vrm = (await loader.loadAsync(file)).userData.vrm;
  VRMUtils.rotateVRM0(vrm);
  for (const material of vrm.materials ?? []) material.update?.(0.0);
  return vrm;
}

window.draw = async (job) => {
  const vrm = await load(job.file);
  const scene = new Scene();
  scene.background = new Color(0, 0, 0);
  const light = new DirectionalLight(new Color(...job.light.color), Math.PI);
  light.position.set(...job.light.position);
  light.target.position.set(...job.light.target);
  scene.add(vrm.scene, light, light.target);
  vrm.scene.traverse((object) => {
    object.frustumCulled = false;
  });
  for (const material of vrm.materials ?? []) material.update?.(job.seconds);
  scene.updateMatrixWorld(true);
  const { position, target, fovDegrees, near, far } = job.camera;
  const camera = new PerspectiveCamera(fovDegrees, 1.0, near, far);
  camera.position.set(...position);
  camera.lookAt(...target);
  renderer.setSize(job.size, job.size, false);
  if (job.mended) {
    for (const material of vrm.materials ?? []) {
      if (material.outlineWidthMode === "screenCoordinates") material.outlineWidthFactor *= 2.0;
    }
    renderLinear(scene, camera, job.size);
  } else {
    renderer.render(scene, camera);
  }
  const picture = canvas.toDataURL("image/png");
  VRMUtils.deepDispose(vrm.scene);
  return picture;
};
