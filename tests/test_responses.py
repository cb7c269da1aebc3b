"""The domain's responses: for every case one text, in every written form."""

import itertools

import pytest
from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.shared.core.domain import Domain

from tests.conftest import ROOT, numbers_in

DOMAIN = Domain.load(str(ROOT / "domain.yml"))
FORMS = ("nb", "nn", "en")
IN_ENGLISH = {name for name in DOMAIN.responses if name.startswith("utter_crisis_")} | {
    "utter_not_crisis",
    "utter_menu",
    "utter_unsure",
    "utter_unsure_again",
    "utter_ask_place",
    "utter_office",
    "utter_fallback_emergency",
}


def _fitting(name: str, slots: dict[str, str | None]) -> list[dict]:
    """The texts that Rasa draws one from."""
    return ResponseVariationFilter(DOMAIN.responses).responses_for_utter_action(name, "", slots)


def _cases(variations: list[dict]) -> list[dict[str, str | None]]:
    conditions = [c for v in variations for c in v.get("condition") or ()]
    names = sorted({c["name"] for c in conditions} - {"written_form"})
    values = [(None, name) for name in names]  # such a slot holds its own name
    return [
        {"written_form": form, **dict(zip(names, choice, strict=True))}
        for form in FORMS
        for choice in itertools.product(*values)
    ]


@pytest.mark.parametrize("name", sorted(DOMAIN.responses))
def test_every_case_has_one_text_in_the_parents_own_form(name):
    variations = DOMAIN.responses[name]
    for slots in _cases(variations):
        fitting = _fitting(name, slots)
        assert len(fitting) == 1, (slots, [v["text"][:40] for v in fitting])
        form = (fitting[0].get("custom") or {}).get("written_form", slots["written_form"])
        if slots["written_form"] == "nn" or name in IN_ENGLISH:
            assert form == slots["written_form"], slots


@pytest.mark.parametrize("name", sorted(DOMAIN.responses))
def test_all_forms_carry_the_same_numbers_buttons_and_signposts(name):
    variations = DOMAIN.responses[name]
    for slots in _cases(variations):
        told = _fitting(name, slots)[0]
        bokmal = _fitting(name, {**slots, "written_form": "nb"})[0]
        assert sorted(numbers_in(told["text"])) == sorted(numbers_in(bokmal["text"])), slots
        payloads = [button["payload"] for button in told.get("buttons") or ()]
        assert payloads == [button["payload"] for button in bokmal.get("buttons") or ()]
        assert (told.get("custom") or {}).get("signposts") == (bokmal.get("custom") or {}).get(
            "signposts"
        )
