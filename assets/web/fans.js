"use strict";
// The fans' page: sends votes over a websocket, and shows one's own light stick at once. The stream
// is some seconds late, so the audience on it answers later.

const WORDS = {
  en: { joining: "Joining…", joined: "You are in. Your light stick is in the crowd.",
        full: "The hall is full. Trying again…", lost: "Connection lost. Trying again…",
        slow: "Slower, please: the hall is cheering.", off: "The crew moves the crowd right now.",
        color: "Your colour", gesture: "Join in", poll: "What comes next?",
        wave: "Wave", cheer: "Cheer", clap: "Clap", jump: "Jump" },
  ko: { joining: "입장하는 중…", joined: "입장했습니다. 응원봉이 객석에 있어요.",
        full: "객석이 가득 찼습니다. 다시 시도하는 중…", lost: "연결이 끊겼습니다. 다시 시도하는 중…",
        slow: "조금만 천천히 눌러 주세요.", off: "지금은 제작진이 객석을 움직입니다.",
        color: "응원봉 색", gesture: "함께하기", poll: "다음은 무엇일까요?",
        wave: "흔들기", cheer: "환호", clap: "박수", jump: "점프" },
  ja: { joining: "入場しています…", joined: "入場しました。ペンライトが客席にあります。",
        full: "満員です。再接続しています…", lost: "接続が切れました。再接続しています…",
        slow: "少しゆっくり押してください。", off: "いまはスタッフが客席を動かしています。",
        color: "ペンライトの色", gesture: "参加する", poll: "次はどれ?",
        wave: "振る", cheer: "歓声", clap: "拍手", jump: "ジャンプ" },
};
const language = (navigator.language || "en").slice(0, 2);
const words = WORDS[language] || WORDS.en;
document.documentElement.lang = WORDS[language] ? language : "en";

const find = (id) => document.getElementById(id);
const PAUSES_MS = [500, 1000, 2000, 5000, 10000];
let socket = null, tries = 0, color = null, poll = 0, choice = null, isOn = true, known = "";

find("color-legend").textContent = words.color;
find("gesture-legend").textContent = words.gesture;

function tell(text) { find("state").textContent = text; }

function send(vote) {
  if (socket && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(vote));
}

// Linear RGB to a CSS colour, the brightest channel at full.
function css(rgb) {
  const most = Math.max(...rgb, 1e-6);
  const part = (value) => Math.round(255 * Math.pow(Math.max(value, 0) / most, 1 / 2.2));
  return `rgb(${rgb.map(part).join(",")})`;
}

function press(group, number) {
  [...find(group).children].forEach((one, n) => one.setAttribute("aria-pressed", n === number));
}

function chooseColor(number, rgb) {
  color = number;
  document.documentElement.style.setProperty("--stick", css(rgb));
  press("colors", number);
  send({ color: number });
}

function move(gesture) {
  const stick = find("stick");
  stick.className = "";
  void stick.offsetWidth;  // Restarts the animation.
  stick.className = gesture;
  send({ gesture });
}

function addButton(group, text, pressed) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.addEventListener("click", pressed);
  find(group).append(button);
  return button;
}

function show(state) {
  const parts = JSON.stringify([state.colors, state.gestures]);
  if (parts !== known) {
    known = parts;
    find("colors").replaceChildren();
    find("gestures").replaceChildren();
    state.colors.forEach((one, n) => {
      const button = addButton("colors", one.name, () => chooseColor(n, one.rgb));
      button.style.setProperty("--own", css(one.rgb));
      button.setAttribute("aria-pressed", "false");
    });
    state.gestures.forEach((one) => addButton("gestures", words[one] || one, () => move(one)));
  }
  document.title = find("title").textContent = state.title;
  isOn = state.on;
  tell(isOn ? words.joined : words.off);
  if (state.poll !== poll) { poll = state.poll; choice = null; }
  find("poll").hidden = !state.choices.length;
  find("question").textContent = state.question || words.poll;
  find("choices").replaceChildren();
  state.choices.forEach((name, n) => {
    addButton("choices", name, () => { choice = n; press("choices", n); send({ choice: n }); });
  });
  press("choices", choice);
  if (color === null && state.colors.length) {
    color = Math.floor(Math.random() * state.colors.length);
  }
  if (color !== null && color < state.colors.length) chooseColor(color, state.colors[color].rgb);
}

function connect() {
  const address = new URL("votes", location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  let wasOpen = false, slow = 0;
  socket = new WebSocket(address);
  socket.onopen = () => { wasOpen = true; tries = 0; };
  socket.onmessage = (event) => {
    const message = JSON.parse(event.data);
    if (!message.slow) { show(message); return; }
    tell(words.slow);
    clearTimeout(slow);
    slow = setTimeout(() => tell(isOn ? words.joined : words.off), 2000);
  };
  socket.onclose = () => {
    clearTimeout(slow);
    tell(wasOpen ? words.lost : words.full);
    const pause = PAUSES_MS[Math.min(tries++, PAUSES_MS.length - 1)];
    setTimeout(connect, pause * (0.5 + Math.random()));
  };
}

tell(words.joining);
connect();
