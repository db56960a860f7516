// Poses a VRM with three-vrm and tells where its nodes are.
//
// node reference.mjs JOB.json RESULT.json
// JOB: {file, step, springs: null or "as shipped" or "measured afresh", frames: [{bones: {name: [x, y, z, w]}, root: [x, y, z],
//       look: [yaw, pitch] in degrees or null, expressions: {name: weight}}]}
// RESULT: {positions: [frame][node][3], turns: [frame][node][4],
// morphs: [frame][mesh][shape]}
// Bones and root are those of VRM 1.0, facing +Z; a VRM 0.x model is turned to face +Z as well.

import { readFileSync, writeFileSync } from "node:fs";
import { Quaternion, Texture } from "three";
import { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";
import { VRMLoaderPlugin, VRMUtils } from "@pixiv/three-vrm";

const job = JSON.parse(readFileSync(process.argv[2], "utf8"));

// Pictures do not matter here, and Node has nothing to decode them with.
const withoutPictures = () => ({ name: "without_pictures", loadTexture: async () => new Texture() });

async function load(file) {
  const loader = new GLTFLoader();
  loader.register(withoutPictures);
  loader.register((parser) => new VRMLoaderPlugin(parser));
  const bytes = readFileSync(file);
  const data = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const gltf = await loader.parseAsync(data, "");
  const nodes = await gltf.parser.getDependencies("node");
  return { gltf, vrm: gltf.userData.vrm, nodes };
}

function applyPose(vrm, frame) {
  // A 0.x model faces -Z in its own space: x and z are the other way round.
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

// What VRM.update does, in its order, except that world matrices are made new before the springs,
// which otherwise measure their bones against the last frame's.
function update(vrm, frame) {
  applyPose(vrm, frame);
  applyFace(vrm, frame);
  vrm.humanoid.update();
  vrm.lookAt?.update(job.step);
  vrm.expressionManager?.update();
  vrm.scene.updateMatrixWorld(true);
  vrm.nodeConstraintManager?.update();
  vrm.scene.updateMatrixWorld(true);
}

// three-vrm 3.5 measures a bone from its new head to where its tail was before the joints above it
// turned, so that bones stretch while they move. This measures both at the same moment.
function measureAfresh(joints) {
  for (const joint of joints) {
    const measure = joint._calcWorldSpaceBoneLength.bind(joint);
    joint._calcWorldSpaceBoneLength = () => {
      joint.child?.updateWorldMatrix(false, false);
      measure();
    };
  }
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

const { gltf, vrm, nodes } = await load(job.file);
VRMUtils.rotateVRM0(vrm);
if (job.springs === "measured afresh") {
  measureAfresh(vrm.springBoneManager?.joints ?? []);
}
const positions = [];
const turns = [];
const morphs = [];
job.frames.forEach((frame, i) => {
  update(vrm, frame);
  if (job.springs && i === 0) {
    vrm.springBoneManager?.reset();
  }
  if (job.springs) {
    vrm.springBoneManager?.update(job.step);
    vrm.scene.updateMatrixWorld(true);
  }
  positions.push(nodes.map((node) => node.matrixWorld.elements.slice(12, 15)));
  morphs.push(influences(gltf));
  turns.push(nodes.map((node) => node.getWorldQuaternion(new Quaternion()).toArray()));
});

writeFileSync(process.argv[3], JSON.stringify({ positions, turns, morphs }));
