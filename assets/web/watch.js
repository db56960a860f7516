// Plays the show from this server: with hls.js, or with the browser's own player where hls.js
// is not supported (iOS). Browsers autoplay video only without sound; a click unmutes it.
"use strict";

const playlist = "stream/low_latency.m3u8";
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
  const hls = new Hls({
    lowLatencyMode: true,
    // Plays up to a tenth faster until it is where the playlist asks a player to be.
    maxLiveSyncPlaybackRate: 1.1,
  });
  hls.on(Hls.Events.MANIFEST_PARSED, play);
  hls.on(Hls.Events.ERROR, (event, error) => {
    if (!error.fatal) return;
    if (error.type === Hls.ErrorTypes.MEDIA_ERROR) {
      hls.recoverMediaError();
      return;
    }
    // Not on air yet, or the network is down: load again later.
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
  live.hidden = video.ended || end - video.currentTime < 6;
};

if (window.Hls && Hls.isSupported()) {
  playWithLibrary();
} else if (video.canPlayType("application/vnd.apple.mpegurl")) {
  playNatively();
} else {
  say("This browser plays no HLS. Try a current Chromium, Firefox or Safari.");
}
