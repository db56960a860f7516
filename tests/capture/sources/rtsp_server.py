"""Run a small RTSP server (RFC 2326) as a process: `python rtsp_server.py PORT [SECONDS]`.

It encodes moving bars as JPEG with a real RTP packer (RFC 2435) and sends them interleaved on the
control connection, to one viewer after another. With a number of seconds, it disconnects after
them. Viewers must authenticate as `stage:secret` with HTTP's basic scheme.
"""

from __future__ import annotations

import base64
import socket
import struct
import sys
import threading
import time

import av
import numpy as np

RATE = 25
SDP = (
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=bars\r\nt=0 0\r\nm=video 0 RTP/AVP 26\r\na=control:v\r\n"
)
SECRET = "Basic " + base64.b64encode(b"stage:secret").decode()


def bars(number: int) -> np.ndarray:
    picture = np.full((96, 128, 3), 40, np.uint8)
    picture[:, (4 * number) % 112 : (4 * number) % 112 + 16] = 220
    return picture


def encode(port: int, stop: threading.Event) -> None:
    """Send pictures in real time, as RTP packets to a UDP port of this machine."""
    with av.open(f"rtp://127.0.0.1:{port}", "w", format="rtp") as out:
        stream = out.add_stream("mjpeg", rate=RATE, options={"huffman": "default"})
        stream.width, stream.height, stream.pix_fmt = 128, 96, "yuvj420p"
        begin = time.monotonic()
        number = 0
        while not stop.is_set():
            frame = av.VideoFrame.from_ndarray(bars(number), "rgb24").reformat(format="yuvj420p")
            frame.pts = number
            out.mux(stream.encode(frame))
            number += 1
            stop.wait(max(0.0, begin + number / RATE - time.monotonic()))


def send_packets(viewer: socket.socket, until: float) -> None:
    stop = threading.Event()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as packets:
        packets.bind(("127.0.0.1", 0))
        packets.settimeout(2.0)
        port = packets.getsockname()[1]
        encoder = threading.Thread(target=encode, args=(port, stop))
        encoder.start()
        try:
            while time.monotonic() < until:
                packet = packets.recv(65536)
                if not 200 <= packet[1] <= 204:  # RTCP has no channel here.
                    viewer.sendall(struct.pack(">BBH", 0x24, 0, len(packet)) + packet)
        except OSError:
            pass  # The viewer has disconnected.
        finally:
            stop.set()
            encoder.join()


def attend(viewer: socket.socket, until: float) -> None:
    """Answer one viewer's requests until it plays, then send."""
    heard = b""
    while True:
        while b"\r\n\r\n" not in heard:
            data = viewer.recv(4096)
            if not data:
                return
            heard += data
        request, _, heard = heard.partition(b"\r\n\r\n")
        lines = request.decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:])
        method = lines[0].split()[0]
        extra, body, status = [], "", "200 OK"
        if method == "OPTIONS":
            extra = ["Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN"]
        elif headers.get("Authorization") != SECRET:
            status, extra = "401 Unauthorized", ['WWW-Authenticate: Basic realm="stage"']
        elif method == "DESCRIBE":
            body = SDP
            extra = ["Content-Type: application/sdp", f"Content-Length: {len(SDP)}"]
        elif method == "SETUP":
            extra = ["Transport: RTP/AVP/TCP;unicast;interleaved=0-1", "Session: 1;timeout=60"]
        elif method == "PLAY":
            extra = ["Session: 1"]
        answer = [f"RTSP/1.0 {status}", f"CSeq: {headers['CSeq']}", *extra, "", body]
        viewer.sendall("\r\n".join(answer).encode())
        if method == "PLAY":
            send_packets(viewer, until)
            return


def main() -> None:
    port = int(sys.argv[1])
    until = time.monotonic() + float(sys.argv[2]) if len(sys.argv) > 2 else float("inf")
    with socket.create_server(("127.0.0.1", port), reuse_port=True) as server:
        sys.stdout.write(f"{server.getsockname()[1]}\n")
        sys.stdout.flush()
        while time.monotonic() < until:
            viewer, _ = server.accept()
            with viewer:
                attend(viewer, until)


if __name__ == "__main__":
    main()
