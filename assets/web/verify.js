"use strict";
// Sends a dropped file to the process that serves this page, on the same machine, and shows which of
// four answers it gives. Nothing is loaded from elsewhere.

const WORDS = {
  en: {
    title: "Where does it come from?",
    about: "Drop a video, a picture or a show's evidence here. It stays on this machine.",
    invite: "Drop a file here, or press to choose one",
    checking: "Checking…",
    failed: "It could not be checked",
    note: "Only signatures and marks are looked for. That none is found says nothing against a file.",
    signed: ["Signed and intact", "It is as it was when it was signed."],
    changed: ["Signed, but changed after that", "Somebody changed it, or a part of it, after the signature."],
    marked: ["No signature, but Encore's mark", "The picture comes from the show below; it may have been cut or encoded again."],
    unknown: ["Unknown", "It has neither a signature nor our mark, so nothing can be said about it."],
  },
  ko: {
    title: "어디에서 온 파일인가요?",
    about: "영상, 사진 또는 공연 증거 파일을 놓으세요. 파일은 이 컴퓨터를 떠나지 않습니다.",
    invite: "파일을 여기에 놓거나 눌러서 고르세요",
    checking: "확인하는 중…",
    failed: "확인할 수 없습니다",
    note: "서명과 표식만 찾습니다. 찾지 못했다는 것이 파일에 문제가 있다는 뜻은 아닙니다.",
    signed: ["서명되었고 그대로입니다", "서명된 때와 같은 파일입니다."],
    changed: ["서명되었지만 그 뒤에 바뀌었습니다", "서명 뒤에 파일의 전부 또는 일부가 바뀌었습니다."],
    marked: ["서명은 없지만 Encore의 표식이 있습니다", "아래 공연의 화면입니다. 잘리거나 다시 인코딩되었을 수 있습니다."],
    unknown: ["알 수 없음", "서명도 표식도 없어 아무것도 말할 수 없습니다."],
  },
  ja: {
    title: "どこから来たファイルですか？",
    about: "動画、画像、公演の証拠ファイルを置いてください。ファイルはこのコンピューターから出ません。",
    invite: "ここにファイルを置くか、押して選んでください",
    checking: "確認中…",
    failed: "確認できませんでした",
    note: "署名と透かしだけを探します。見つからないことは、そのファイルに問題があるという意味ではありません。",
    signed: ["署名があり、そのままです", "署名された時と同じファイルです。"],
    changed: ["署名がありますが、その後変わりました", "署名の後に全体または一部が変更されました。"],
    marked: ["署名はありませんが、Encoreの透かしがあります", "下の公演の映像です。切り取りや再エンコードの可能性があります。"],
    unknown: ["不明", "署名も透かしもないため、何も言えません。"],
  },
};

const language = navigator.languages.map((one) => one.slice(0, 2)).find((one) => one in WORDS) || "en";
const words = WORDS[language];
const find = (id) => document.getElementById(id);
let newest = 0;

function show(kind, verdict, meaning, lines) {
  find("answer").className = kind;
  find("answer").hidden = false;
  find("verdict").textContent = verdict;
  find("meaning").textContent = meaning;
  find("lines").replaceChildren(...lines.map((line) => {
    const item = document.createElement("li");
    item.textContent = line;
    return item;
  }));
}

async function check(file) {
  const number = ++newest;
  show("", words.checking, file.name, []);
  let reply;
  try {
    const answer = await fetch(`check?name=${encodeURIComponent(file.name)}`, { method: "POST", body: file });
    reply = answer.ok ? await answer.json() : { fault: `HTTP ${answer.status}` };
  } catch (fault) {
    reply = { fault: String(fault.message) };
  }
  // An earlier file's answer may come after a later file was dropped.
  if (number !== newest) return;
  if (reply.answer in words) show(reply.answer, ...words[reply.answer], reply.lines);
  else show("", words.failed, reply.fault, []);
}

for (const id of ["title", "about", "invite", "note"]) find(id).textContent = words[id];
document.documentElement.lang = language;
document.title = words.title;
find("file").addEventListener("change", (event) => {
  if (event.target.files.length) check(event.target.files[0]);
  event.target.value = "";
});
const drop = find("drop");
for (const kind of ["dragover", "dragleave", "drop"]) {
  // Anywhere on the page, so that a missed drop does not open the file in the browser.
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", kind === "dragover");
    if (kind === "drop" && event.dataTransfer.files.length) check(event.dataTransfer.files[0]);
  });
}
