// Poses a VRM with three-vrm and writes the positions of its nodes.
//
// node reference.mjs JOB.json RESULT.json
// JOB: {file, step, springs: null or "as shipped" or "measured afresh", animation: null or a VRMA,
//       frames: [{bones: {name: [x, y, z, w]}, root: [x, y, z], look: [yaw, pitch] in degrees or
//       null, expressions: {name: weight}, time: seconds into the animation}]}
// RESULT: {positions: [frame][node][3], turns: [frame][node][4], morphs: [frame][mesh][shape],
//          materials: [frame][material]{colors, factors: {name: numbers}, textures: {name:
//          [offset u, v, scale u, v]}}, firstPerson: {node: flag}, stretch: metres}
// Bones and root are those of VRM 1.0, facing +Z; a VRM 0.x model is turned to face +Z as well.

import { readFileSync, writeFileSync } from "node:fs";
import { AnimationMixer, Quaternion, Texture, Vector3 } from "three";
import { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";
import { VRMLoaderPlugin, VRMUtils } from "@pixiv/three-vrm";
import { createVRMAnimationClip, VRMAnimationLoaderPlugin } from "@pixiv/three-vrm-animation";

const job = JSON.parse(readFileSync(process.argv[2], "utf8"));

// Textures are not needed, and Node cannot decode them.
const withoutPictures = () => ({ name: "without_pictures", loadTexture: async () => new Texture() });

async function parsed(file, plugin) {
  const loader = new GLTFLoader();
  loader.register(withoutPictures);
  loader.register(plugin);
  const bytes = readFileSync(file);
  const data = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  return loader.parseAsync(data, "");
}

async function load(file) {
  const gltf = await parsed(file, (parser) => new VRMLoaderPlugin(parser));
  const nodes = await gltf.parser.getDependencies("node");
  return { gltf, vrm: gltf.userData.vrm, nodes };
}

async function played(file, vrm) {
  const gltf = await parsed(file, (parser) => new VRMAnimationLoaderPlugin(parser));
  const mixer = new AnimationMixer(vrm.scene);
  mixer.clipAction(createVRMAnimationClip(gltf.userData.vrmAnimations[0], vrm)).play();
  return mixer;
}

function applyPose(vrm, frame) {
  // A 0.x model faces -Z in its own space: x and z are negated.
  const sign = vrm.meta.metaVersion === "0" ? -1 : 1;
  for (const [bone, [x, y, z, w]] of Object.entries(frame.bones)) {
    vrm.humanoid.getNormalizedBoneNode(bone).quaternion.set(sign * x, y, sign * z, w);
  }
  const hips = vrm.humanoid.getNormalizedBoneNode("hips");
  const rest = vrm.humanoid.normalizedRestPose.hips.position;
  const [x, y, z] = frame.root;
  hips.position.set(rest[0] + sign * x, rest[1] + y, rest[2] + sign * z);
}

function applyFace(vrm, frame) {
  const names = new Map(
    vrm.expressionManager?.expressions.map((e) => [e.expressionName.toLowerCase(), e.expressionName]),
  );
  for (const [name, weight] of Object.entries(frame.expressions)) {
    vrm.expressionManager.setValue(names.get(name.toLowerCase()), weight);
  }
  if (frame.look && vrm.lookAt) {
    [vrm.lookAt.yaw, vrm.lookAt.pitch] = frame.look;
  }
}

// Does what VRM.update does, in its order, except that world matrices are updated before the
// springs, which otherwise measure their bones against the previous frame's.
function update(vrm, frame, mixer) {
  if (mixer) {
    // An ended action keeps its last keyframe only while it is paused.
    mixer.setTime(frame.time);
  } else {
    applyPose(vrm, frame);
    applyFace(vrm, frame);
  }
  vrm.humanoid.update();
  vrm.lookAt?.update(job.step);
  vrm.expressionManager?.update();
  vrm.scene.updateMatrixWorld(true);
  vrm.nodeConstraintManager?.update();
  vrm.scene.updateMatrixWorld(true);
}

// three-vrm 3.5 measures a bone from its new head to the tail's position before the joints above
// it rotated, so that bones stretch while they move. This measures both at the same time.
function measureAfresh(joints) {
  for (const joint of joints) {
    const measure = joint._calcWorldSpaceBoneLength.bind(joint);
    joint._calcWorldSpaceBoneLength = () => {
      joint.child?.updateWorldMatrix(false, false);
      measure();
    };
  }
}

// Returns the error of the bone length that the springs use, per joint, metres.
function stretched(joints) {
  const here = new Vector3();
  const there = new Vector3();
  return joints.map((joint) => {
    if (!joint.child) return 0.0;
    here.setFromMatrixPosition(joint.bone.matrixWorld);
    there.setFromMatrixPosition(joint.child.matrixWorld);
    return Math.abs(joint._worldSpaceBoneLength - here.distanceTo(there));
  });
}

function influences(gltf) {
  const found = (gltf.parser.json.meshes ?? []).map(() => []);
  gltf.scene.traverse((object) => {
    const mesh = gltf.parser.associations.get(object)?.meshes;
    if (mesh !== undefined && object.morphTargetInfluences) {
      found[mesh] = Array.from(object.morphTargetInfluences);
    }
  });
  return found;
}

const COLORS = {
  shade_color: "shadeColorFactor",
  matcap_color: "matcapFactor",
  rim_color: "parametricRimColorFactor",
  outline_color: "outlineColorFactor",
};
const FACTORS = {
  shading_shift: "shadingShiftFactor",
  shading_toony: "shadingToonyFactor",
  gi_equalization: "giEqualizationFactor",
  rim_lighting_mix: "rimLightingMixFactor",
  rim_fresnel_power: "parametricRimFresnelPowerFactor",
  rim_lift: "parametricRimLiftFactor",
  outline_width: "outlineWidthFactor",
  outline_lighting_mix: "outlineLightingMixFactor",
  uv_scroll_x: "uvAnimationScrollXSpeedFactor",
  uv_scroll_y: "uvAnimationScrollYSpeedFactor",
  uv_rotation: "uvAnimationRotationSpeedFactor",
};
const TEXTURES = {
  base_texture: "map",
  normal_texture: "normalMap",
  emissive_texture: "emissiveMap",
  shade_texture: "shadeMultiplyTexture",
  rim_texture: "rimMultiplyTexture",
  outline_width_texture: "outlineWidthMultiplyTexture",
  uv_mask_texture: "uvAnimationMaskTexture",
};

function values(material) {
  const colors = { base_color: [...material.color.toArray(), material.opacity] };
  if (material.emissive) {
    const strength = material.emissiveIntensity ?? 1.0;
    colors.emissive = material.emissive.toArray().map((value) => value * strength);
  }
  for (const [name, key] of Object.entries(COLORS)) {
    if (material[key]) colors[name] = material[key].toArray();
  }
  const factors = {};
  for (const [name, key] of Object.entries(FACTORS)) {
    if (material[key] !== undefined) factors[name] = [material[key]];
  }
  const textures = {};
  for (const [name, key] of Object.entries(TEXTURES)) {
    const texture = material[key];
    if (texture) textures[name] = [...texture.offset.toArray(), ...texture.repeat.toArray()];
  }
  return { colors, factors, textures };
}

function materials(gltf) {
  const found = (gltf.parser.json.materials ?? []).map(() => null);
  gltf.scene.traverse((object) => {
    const own = [object.material ?? []].flat()[0];
    const place = own && gltf.parser.associations.get(own)?.materials;
    if (place !== undefined) found[place] = values(own);
  });
  return found;
}

function firstPerson(gltf, vrm) {
  const flags = {};
  for (const { meshes, type } of vrm.firstPerson?.meshAnnotations ?? []) {
    // A mesh of several primitives is a group, which is the node itself.
    const own = meshes.map((mesh) => gltf.parser.associations.get(mesh)?.nodes);
    const above = meshes.map((mesh) => gltf.parser.associations.get(mesh.parent)?.nodes);
    const node = own.find((n) => n !== undefined) ?? above.find((n) => n !== undefined);
    flags[node] = type;
  }
  return flags;
}

const { gltf, vrm, nodes } = await load(job.file);
const mixer = job.animation && (await played(job.animation, vrm));
VRMUtils.rotateVRM0(vrm);
if (job.springs === "measured afresh") {
  measureAfresh(vrm.springBoneManager?.joints ?? []);
}
const result = { positions: [], turns: [], morphs: [], materials: [], stretch: 0.0 };
job.frames.forEach((frame, i) => {
  update(vrm, frame, mixer);
  if (job.springs && i === 0) {
    vrm.springBoneManager?.reset();
  }
  if (job.springs) {
    vrm.springBoneManager?.update(job.step);
    vrm.scene.updateMatrixWorld(true);
    const now = stretched([...(vrm.springBoneManager?.joints ?? [])]);
    result.stretch = Math.max(result.stretch, ...now);
  }
  result.positions.push(nodes.map((node) => node.matrixWorld.elements.slice(12, 15)));
  result.turns.push(nodes.map((node) => node.getWorldQuaternion(new Quaternion()).toArray()));
  result.morphs.push(influences(gltf));
  result.materials.push(materials(gltf));
});
result.firstPerson = firstPerson(gltf, vrm);

writeFileSync(process.argv[3], JSON.stringify(result));
