"use strict";
// The crew page: shows the running show, and calls it if its token allows that. The token is behind
// `#` in the address, so that it is in no server's log and in no referrer.

const find = (id) => document.getElementById(id);
const HOLD_MS = 700;  // A press that takes the program off air is held, as the desk asks twice.
const PAUSES_MS = [300, 1000, 2000, 5000];
let socket = null, tries = 0, state = {}, outline = { cameras: [], cues: [] }, url = "";

function call(what) {
  if (socket && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(what));
}

function clock(seconds) {
  const parts = [seconds / 3600, seconds / 60 % 60, seconds % 60].map(Math.floor);
  return parts.map((n) => String(n).padStart(2, "0")).join(":");
}

function make(tag, text, kind = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = kind;
  return made;
}

function mainList() { return (state.lists && state.lists[0]) || { name: "", running: [] }; }

function showState() {
  const good = state.contact === "good";
  const lamp = find("lamp");
  lamp.textContent = good ? state.state.toUpperCase() : (state.contact || "…").toUpperCase();
  lamp.className = "lamp" + (good ? (state.state === "on air" ? " air" : "") : " bad");
  find("title").textContent = state.title || "No show";
  find("time").textContent = state.seconds === undefined ? "" : clock(state.seconds);
  find("song").textContent = state.song || "";
  find("position").textContent = state.position || "";
  find("rate").textContent = state.rate ? `${state.rate} frames/s` : "";
  find("alarms").replaceChildren(...(state.alarms || []).map((one) =>
    make("p", `${one.severity.toUpperCase()}: ${one.text}`, one.severity)));
  find("outputs").replaceChildren(...(state.outputs || []).map((one) =>
    make("div", `${one.name} (${one.kind}): ${one.state}`)));
  find("auto").textContent = state.auto ? "Auto-director on" : "Auto-director off";
  find("black").textContent = state.black ? "Back from black" : "Black";
  find("panic").textContent = state.slate ? "Back from slate" : "Slate (hold)";
  find("go").textContent = mainList().standby
    ? `GO ${mainList().standby} ${mainList().standby_name}` : "GO";
  find("go").disabled = !good || !mainList().standby;
  mark();
}

function showOutline() {
  find("cameras").replaceChildren(...outline.cameras.map((one) => {
    const button = make("button", `${one.number} ${one.name}`);
    button.type = "button";
    button.dataset.number = one.number;
    button.onclick = () => call({ do: "cut", camera: one.number });
    return button;
  }));
  const list = outline.cues[0] || { list: "", cues: [] };
  find("list-name").textContent = list.list || "Cues";
  find("cues").replaceChildren(...list.cues.map((one) => {
    const row = make("li", "");
    row.dataset.number = one.number;
    row.append(make("b", one.number), make("span", one.name));
    return row;
  }));
  mark();
}

function mark() {
  for (const button of find("cameras").children) {
    const number = Number(button.dataset.number);
    button.className = number === state.camera ? "air" : number === state.preview ? "next" : "";
  }
  for (const row of find("cues").children) {
    const list = mainList(), number = row.dataset.number;
    const isNext = number === list.standby, wasNext = row.classList.contains("next");
    row.className = isNext ? "next" : (list.running || []).includes(number) ? "runs" : "";
    if (isNext && !wasNext) row.scrollIntoView({ block: "nearest" });
  }
}

function tell(text, isBad) {
  find("reply").textContent = text;
  find("reply").className = isBad ? "bad" : "";
}

function receive(event) {
  if (event.data instanceof Blob) {
    const old = url;
    url = URL.createObjectURL(event.data);
    find("picture").src = url;
    if (old) URL.revokeObjectURL(old);
    return;
  }
  const message = JSON.parse(event.data);
  if (message.role) { tries = 0; find("controls").hidden = message.role !== "control"; }
  if (message.state) { state = message.state; showState(); }
  if (message.outline) { outline = message.outline; showOutline(); }
  if (message.reply) tell(message.reply.text, !message.reply.ok);
}

function connect() {
  const address = new URL("follow", location.origin);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  socket = new WebSocket(address);
  socket.onopen = () => socket.send(location.hash.slice(1));
  socket.onmessage = receive;
  socket.onclose = (event) => {
    state = { contact: event.code === 4403 ? "wrong address" : "connection lost" };
    showState();
    if (event.code === 4403) return;
    setTimeout(connect, PAUSES_MS[Math.min(tries++, PAUSES_MS.length - 1)]);
  };
}

find("go").onclick = () => call({ do: "go" });
find("back").onclick = () => call({ do: "back" });
find("auto").onclick = () => call({ do: "auto", on: !state.auto });
find("black").onclick = () => call({ do: "black", on: !state.black });
let held = 0;
find("panic").onpointerdown = () => {
  if (state.slate) { call({ do: "panic", on: false }); return; }
  held = setTimeout(() => call({ do: "panic", on: true }), HOLD_MS);
};
find("panic").onpointerup = find("panic").onpointerleave = () => clearTimeout(held);
find("panic").onkeydown = (event) => {
  if ((event.key === "Enter" || event.key === " ") && !event.repeat) find("panic").onpointerdown();
};
find("panic").onkeyup = () => clearTimeout(held);
window.onhashchange = () => location.reload();
connect();
