"""Read a file's metadata and licence, in VRM 1.0's terms.

Sources: VRMC_vrm-1.0 meta.md; VRM 0.x schema vrm.meta; UniVRM's migration of 0.x licences. Terms
that 0.x does not have keep their defaults, which all deny permission.
"""

from __future__ import annotations

from typing import Final

from avatars.gltf.fields import Fields
from avatars.model import Meta

_PERMISSIONS_1: Final = ("onlyAuthor", "onlySeparatelyLicensedPerson", "everyone")
_COMMERCIAL_1: Final = ("personalNonProfit", "personalProfit", "corporation")
_MODIFICATION_1: Final = ("prohibited", "allowModification", "allowModificationRedistribution")
_CREDIT_1: Final = ("required", "unnecessary")
_TERMS_1: Final = (
    "avatarPermission",
    "allowExcessivelyViolentUsage",
    "allowExcessivelySexualUsage",
    "commercialUsage",
    "allowPoliticalOrReligiousUsage",
    "allowAntisocialOrHateUsage",
    "creditNotation",
    "allowRedistribution",
    "modification",
    "licenseUrl",
    "otherLicenseUrl",
    "thirdPartyLicenses",
)

_PERMISSIONS_0: Final = {
    "OnlyAuthor": "onlyAuthor",
    "ExplicitlyLicensedPerson": "onlySeparatelyLicensedPerson",
    "Everyone": "everyone",
}
_TERMS_0: Final = (
    "allowedUserName",
    "violentUssageName",
    "sexualUssageName",
    "commercialUssageName",
    "otherPermissionUrl",
    "licenseName",
    "otherLicenseUrl",
)
# The licences that 0.x can name, converted to VRM 1.0's terms: credit, redistribution,
# modification.
_LICENCES_0: Final = {
    "CC0": ("unnecessary", True, "allowModificationRedistribution"),
    "CC_BY": ("required", True, "allowModificationRedistribution"),
    "CC_BY_NC": ("required", True, "allowModificationRedistribution"),
    "CC_BY_SA": ("required", True, "allowModificationRedistribution"),
    "CC_BY_NC_SA": ("required", True, "allowModificationRedistribution"),
    "CC_BY_ND": ("required", True, "prohibited"),
    "CC_BY_NC_ND": ("required", True, "prohibited"),
}
_DENIED_0: Final = ("required", False, "prohibited")


def read_meta_1(fields: Fields) -> Meta:
    """Read VRMC_vrm.meta.

    Raises:
        AvatarError: the value of a term is not one of VRM 1.0's.
    """
    return Meta(
        name=fields.text("name"),
        authors=fields.texts("authors"),
        vrm_version="1.0",
        version=fields.text("version"),
        copyright=fields.text("copyrightInformation"),
        contact=fields.text("contactInformation"),
        licence_url=fields.text("licenseUrl"),
        third_party_licences=fields.text("thirdPartyLicenses"),
        avatar_permission=fields.choice("avatarPermission", _PERMISSIONS_1, "onlyAuthor"),
        commercial_usage=fields.choice("commercialUsage", _COMMERCIAL_1, "personalNonProfit"),
        violent_usage=fields.flag("allowExcessivelyViolentUsage"),
        sexual_usage=fields.flag("allowExcessivelySexualUsage"),
        political_or_religious_usage=fields.flag("allowPoliticalOrReligiousUsage"),
        antisocial_or_hate_usage=fields.flag("allowAntisocialOrHateUsage"),
        credit=fields.choice("creditNotation", _CREDIT_1, "required"),
        redistribution=fields.flag("allowRedistribution"),
        modification=fields.choice("modification", _MODIFICATION_1, "prohibited"),
        other_licence_url=fields.text("otherLicenseUrl"),
        licence_terms=_terms(fields, _TERMS_1),
    )


def read_meta_0(fields: Fields) -> Meta:
    """Read VRM.meta of a 0.x file.

    Raises:
        AvatarError: the value of a term is not one of VRM 0.x's.
    """
    author = fields.text("author")
    licence = fields.text("licenseName", "Redistribution_Prohibited")
    credit, redistribution, modification = _LICENCES_0.get(licence, _DENIED_0)
    # 0.x grants commercial use without saying to whom. A non-commercial licence takes precedence.
    commercial = _is_allowed(fields, "commercialUssageName") and "_NC" not in licence
    permission = fields.choice("allowedUserName", tuple(_PERMISSIONS_0), "OnlyAuthor")
    return Meta(
        name=fields.text("title"),
        authors=(author,) if author else (),
        vrm_version="0.x",
        version=fields.text("version"),
        contact=fields.text("contactInformation"),
        licence_url=fields.text("otherPermissionUrl"),
        avatar_permission=_PERMISSIONS_0[permission],
        commercial_usage="corporation" if commercial else "personalNonProfit",
        violent_usage=_is_allowed(fields, "violentUssageName"),
        sexual_usage=_is_allowed(fields, "sexualUssageName"),
        credit=credit,
        redistribution=redistribution,
        modification=modification,
        other_licence_url=fields.text("otherLicenseUrl"),
        licence_terms=_terms(fields, _TERMS_0),
    )


def _is_allowed(fields: Fields, key: str) -> bool:
    return fields.choice(key, ("Disallow", "Allow"), "Disallow") == "Allow"


def _terms(fields: Fields, names: tuple[str, ...]) -> dict[str, str]:
    """Return the file's original values of those terms that it has."""
    terms = {}
    for name in names:
        if fields.has(name):
            value = fields.members[name]
            terms[name] = str(value).lower() if isinstance(value, bool) else fields.text(name)
    return terms
