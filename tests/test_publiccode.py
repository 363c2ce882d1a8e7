"""publiccode.yml holds what its standard asks for at least, and says what is true."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import kaiyuan

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def publiccode() -> dict:
    return yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))


def test_publiccode_has_every_mandatory_key(publiccode):
    mandatory = {"publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType"}
    mandatory |= {"description", "legal", "maintenance", "localisation"}
    assert mandatory - set(publiccode) == set()
    assert publiccode["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert publiccode["softwareType"].split("/")[0] in {
        "standalone",
        "addon",
        "library",
        "configurationFiles",
    }
    assert publiccode["maintenance"]["type"] in {"internal", "contract", "community", "none"}
    assert all(contact["name"] for contact in publiccode["maintenance"]["contacts"])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_publiccode_describes_the_project_at_the_length_asked_for(publiccode, lang):
    described = publiccode["description"][lang]
    assert 0 < len(described["shortDescription"]) <= 150
    assert 150 <= len(described["longDescription"]) <= 10_000
    assert described["features"]


def test_publiccode_describes_the_same_features_in_both_languages(publiccode):
    english, chinese = (publiccode["description"][lang]["features"] for lang in ("en", "zh"))
    assert len(english) == len(chinese)


def test_publiccode_lists_the_languages_it_is_described_in(publiccode):
    assert publiccode["localisation"]["localisationReady"] is True
    assert set(publiccode["localisation"]["availableLanguages"]) == set(publiccode["description"])


def test_publiccode_agrees_with_the_licence_and_the_version(publiccode):
    assert publiccode["legal"]["license"] == "Apache-2.0"
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")[:200]
    assert publiccode["softwareVersion"] == kaiyuan.__version__
