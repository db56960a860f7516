// Draws an avatar with three-vrm on request: GET /job says what, GET /next how many frames, and
// POST /drawn takes the milliseconds of each.
import * as THREE from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { VRMLoaderPlugin } from "@pixiv/three-vrm";

async function main() {
  const job = await (await fetch("/job")).json();
  const canvas = document.createElement("canvas");
  const renderer = new THREE.WebGLRenderer({ canvas, antialias: job.samples > 0 });
  renderer.setPixelRatio(1);
  renderer.setSize(job.width, job.height, false);
  renderer.shadowMap.enabled = true;
  renderer.shadowMap.type = THREE.BasicShadowMap;
  renderer.toneMapping = THREE.NeutralToneMapping;

  const scene = new THREE.Scene();
  scene.background = new THREE.Color(0.05, 0.05, 0.08);
  scene.add(new THREE.AmbientLight(new THREE.Color(...job.ambient), Math.PI));
  for (const lamp of job.lights) {
    const light = new THREE.SpotLight(new THREE.Color(...lamp.color));
    const away = new THREE.Vector3(...lamp.position).distanceTo(new THREE.Vector3(...lamp.target));
    light.intensity = Math.PI * away * away;
    light.position.set(...lamp.position);
    light.target.position.set(...lamp.target);
    light.angle = lamp.angle;
    light.penumbra = 0.3;
    light.castShadow = lamp.shadow;
    light.shadow.mapSize.set(job.shadow, job.shadow);
    light.shadow.bias = -0.001;
    scene.add(light, light.target);
  }

  const loader = new GLTFLoader();
  loader.register((parser) => new VRMLoaderPlugin(parser));
  const gltf = await loader.loadAsync("/avatar.vrm");
  const vrm = gltf.userData.vrm;
  vrm.scene.traverse((object) => {
    object.castShadow = object.receiveShadow = true;
    object.frustumCulled = false;
  });
  scene.add(vrm.scene);

  const camera = new THREE.PerspectiveCamera(job.fov, job.width / job.height, 0.1, 60);
  camera.position.set(...job.position);
  camera.lookAt(...job.target);

  const gl = renderer.getContext();
  const pixels = new Uint8Array(4 * job.width * job.height);
  let number = 0;
  function draw() {
    const start = performance.now();
    const swing = 0.3 * Math.sin(number++ / 10);
    for (const bone of ["leftUpperArm", "rightUpperArm", "spine"]) {
      vrm.humanoid.getNormalizedBoneNode(bone).rotation.z = swing;
    }
    vrm.update(1 / 60);
    renderer.render(scene, camera);
    gl.readPixels(0, 0, job.width, job.height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    return performance.now() - start;
  }

  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const adapter = info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : "unknown";
  await fetch("/ready", { method: "POST", body: adapter });
  for (;;) {
    const frames = await (await fetch("/next")).json();
    const times = [];
    for (let i = 0; i < frames; ++i) times.push(draw());
    await fetch("/drawn", { method: "POST", body: JSON.stringify(times) });
  }
}

main().catch((error) => fetch("/failed", { method: "POST", body: String(error) }));
