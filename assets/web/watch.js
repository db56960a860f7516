// Plays the show from this server: with hls.js, or with the browser's own player where that
// is the only one (iOS). Browsers start a page's video only without sound; a click adds it.
"use strict";

const playlist = "stream/live.m3u8";
const retryMs = 1000;
const video = document.getElementById("video");
const state = document.getElementById("state");
const sound = document.getElementById("sound");
const live = document.getElementById("live");

function say(text) {
  if (state.textContent !== text) state.textContent = text;
}

function play() {
  video.play().catch(() => say("Press play to watch."));
}

function playWithLibrary() {
  const hls = new Hls({ liveSyncDurationCount: 2 });
  hls.on(Hls.Events.MANIFEST_PARSED, play);
  hls.on(Hls.Events.ERROR, (event, error) => {
    if (!error.fatal) return;
    if (error.type === Hls.ErrorTypes.MEDIA_ERROR) {
      hls.recoverMediaError();
      return;
    }
    // Not on air yet, or the network is away: begin anew.
    hls.destroy();
    say("Waiting for the show…");
    setTimeout(playWithLibrary, retryMs);
  });
  hls.loadSource(playlist);
  hls.attachMedia(video);
  live.onclick = () => { video.currentTime = hls.liveSyncPosition ?? video.duration; play(); };
}

function playNatively() {
  video.onerror = () => { say("Waiting for the show…"); setTimeout(playNatively, retryMs); };
  live.onclick = () => { video.currentTime = video.seekable.end(0); play(); };
  video.src = playlist;
  play();
}

sound.onclick = () => { video.muted = false; play(); };
video.onvolumechange = () => { sound.hidden = !video.muted; };
video.onplaying = () => say("");
video.onwaiting = () => say("Waiting for more…");
video.onended = () => say("The show has ended.");
video.ontimeupdate = () => {
  const end = video.seekable.length ? video.seekable.end(video.seekable.length - 1) : 0;
  live.hidden = video.ended || end - video.currentTime < 12;
};

if (window.Hls && Hls.isSupported()) {
  playWithLibrary();
} else if (video.canPlayType("application/vnd.apple.mpegurl")) {
  playNatively();
} else {
  say("This browser plays no HLS. Try a current Chromium, Firefox or Safari.");
}
