// Kalidokit's solvers over landmarks on stdin, for bench/kalidokit.py.
// Run: node kalidokit.js PATH_TO_KALIDOKIT. In: one JSON object; out: one JSON array, one entry per
// frame, null without a body; angles in radians, three.js "XYZ" order.
"use strict";

const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { Face, Pose } = require(join(process.argv[2], "dist", "kalidokit.umd.js"));

const BONES = [
    "RightUpperArm", "RightLowerArm", "LeftUpperArm", "LeftLowerArm",
    "RightUpperLeg", "RightLowerLeg", "LeftUpperLeg", "LeftLowerLeg", "Spine",
];

const points = (rows) => rows.map(([x, y, z, visibility]) => ({ x, y, z, visibility }));
const angles = ({ x, y, z }) => [x, y, z];

const { width, height, frames } = JSON.parse(readFileSync(0, "utf8"));
const out = frames.map(({ pose, world, face }) => {
    if (!pose) return null;
    const options = { runtime: "mediapipe", imageSize: { width, height } };
    const rig = Pose.solve(points(world), points(pose), options);
    const bones = Object.fromEntries(BONES.map((bone) => [bone, angles(rig[bone])]));
    bones.Hips = angles(rig.Hips.rotation);
    bones.Neck = face ? angles(Face.solve(points(face), options).head) : null;
    return { bones, place: angles(rig.Hips.worldPosition) };
});
process.stdout.write(JSON.stringify(out));
