"""Test that the benchmark of rights tries every way, and that nothing changed is believed."""

from __future__ import annotations

from renderer.bench.rights.run import run_rights_bench
from renderer.rights.policy import StudioPolicy

QUICK = StudioPolicy(check_every_s=1.0, take_down_s=1.0)


def test_nothing_changed_is_believed() -> None:
    figures = run_rights_bench(480, lambda _: None, [], shapes=1, policy=QUICK)
    assert figures.examples == ()
    assert (figures.tampered_accepted, figures.replays_accepted, figures.crashes) == (0, 0, 0)
    assert figures.signed_accepted == 1.0
    assert figures.tampered >= 476
    assert set(figures.as_dict()["verify_ms"]) == {
        "licence",
        "consent",
        "withdrawal",
        "status list",
    }
    revocation = figures.revocation
    assert revocation.entries == 131_072
    # At least the countdown; how much longer is this machine's business.
    assert revocation.removal_s is not None and revocation.removal_s >= QUICK.take_down_s
    assert 0.0 < revocation.decision_cpu_ms[0] <= revocation.decision_cpu_ms[1]
    media = figures.media
    assert media.is_signed_trusted
    assert (media.changed, media.believed) == (20, 0)
    assert (media.stripped, media.strange) == ("none", "intact")
    shape = figures.shape
    assert shape is not None
    assert shape.avatars == 3
    assert (shape.accepted, sum(missed for _, missed in shape.copies.values())) == (0, 0)
    assert shape.missed_limits[1] > 0.0
