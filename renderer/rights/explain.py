"""Tell in plain words what a licence allows."""

from __future__ import annotations

from renderer.rights.terms import LicenceTerms
from renderer.rights.wording import Term, Value, word_clause


def explain_terms(terms: LicenceTerms, issuer: str, language: str = "en") -> list[str]:
    """Return a licence's terms as sentences.

    Args:
        terms: of the licence.
        issuer: name or identifier of the rights holder.
        language: one of the wording's languages.
    """
    sentences: list[tuple[str, dict[str, Value]]] = [
        ("explain.who", {"issuer": issuer, "avatar": terms.avatar}),
        ("explain.performers", {"names": _any(terms.performers)}),
        ("explain.shows", {"names": _any(terms.shows)}),
        ("explain.territories", {"names": _any(terms.territories)}),
        ("explain.outputs", {"names": tuple(Term("output", one.value) for one in terms.outputs)}),
        ("explain.usage", {"usage": Term("usage", terms.usage.value)}),
    ]
    dates: dict[str, Value] = {"since": f"{terms.since:%Y-%m-%d %H:%M UTC}"}
    if terms.until is None:
        sentences.append(("explain.dates_open", dates))
    else:
        end = f"{terms.until:%Y-%m-%d %H:%M UTC}"
        sentences.append(("explain.dates", dates | {"until": end}))
    if terms.content:
        names = tuple(Term("content", one.value) for one in terms.content)
        sentences.append(("explain.content", {"names": names}))
    else:
        sentences.append(("explain.no_content", {}))
    if terms.credit:
        sentences.append(("explain.credit", {"text": terms.credit}))
    if terms.label:
        sentences.append(("explain.label", {"text": terms.label}))
    if terms.depicts:
        sentences.append(("explain.depicts", {"name": terms.depicts}))
    sentences.append(("explain.clips" if terms.fan_clips else "explain.no_clips", {}))
    sentences.append(("explain.training" if terms.training else "explain.no_training", {}))
    if terms.protected:
        sentences.append(("explain.protected", {}))
    return [word_clause(code, values, language)[0] for code, values in sentences]


def _any(names: tuple[str, ...]) -> Value:
    return Term("word", "any") if "*" in names else names
