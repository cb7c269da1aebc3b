"""What the guide answers to needs, questions and places, over HTTP."""

import pytest
import requests
import yaml

from tests.conftest import ROOT, Guide, services_of

CLEAR = [
    ("Jeg trenger noen å snakke med", "need_talk"),
    ("Hvorfor tok de barnet fra meg?", "need_understand_why"),
    ("Sorgen over barna er så tung", "need_difficult_feelings"),
    ("Kan jeg få mer samvær med sønnen min?", "need_contact_child"),
    ("Saksbehandleren hører ikke på meg", "need_cooperation_cws"),
    ("Jeg vil bli sterkere og mestre livet mitt", "need_personal_growth"),
    ("Hvordan kan jeg leve med at hun bor i fosterhjem?", "need_acceptance"),
    ("Jeg krangler med faren til barnet hele tiden", "need_network"),
    ("Hva skal jeg gjøre når hun ikke vil leke med meg på samvær?", "need_parent_guidance"),
    ("Savner barnet mitt meg?", "need_child_perspective"),
    ("Har jeg rett til innsyn i papirene?", "need_rights"),
    ("Trenger advokat", "need_legal_aid"),
    ("Når kan jeg få barnet mitt hjem igjen?", "need_child_back"),
    ("De forstår ikke kulturen og religionen vår", "need_culture"),
    ("Jeg trenger tolk i møtet", "need_interpreter"),
    ("Finnes det en gruppe med andre foreldre i samme situasjon?", "need_peers"),
    ("Jeg trenger behandling for rusproblemet mitt", "need_health_help"),
    ("Jeg har ikke råd til husleia", "need_living_conditions"),
    ("Hvilke andre organisasjoner kan hjelpe meg?", "need_other_services"),
    ("Hva er familievernet?", "ask_family_counselling"),
    ("Hvor mange timer får jeg på familievernkontoret?", "ask_sessions"),
    ("Hvilke retninger kan jeg velge mellom?", "ask_tracks"),
    ("Hvordan bestiller jeg time?", "ask_booking"),
    ("Hva koster det?", "ask_cost"),
    ("Må jeg ha henvisning fra legen?", "ask_referral"),
    ("Kan jeg velge et annet kontor enn det nærmeste?", "ask_choose_office"),
    ("Kan familievernet endre vedtaket?", "ask_limits"),
    ("Har dere på familievernkontoret taushetsplikt?", "ask_confidentiality"),
    ("Hva er forskjellen på barnevernet og familievernet?", "ask_roles"),
    ("Skal ikke barnevernet følge opp oss foreldre etterpå?", "ask_follow_up"),
    ("Hva er et akuttvedtak?", "ask_emergency_order"),
    ("Kan jeg trekke samtykket til frivillig plassering?", "ask_voluntary_placement"),
    ("Hvem bestemmer en omsorgsovertakelse?", "ask_care_order"),
    ("Kan jeg få snakke med et menneske?", "ask_human"),
]


@pytest.mark.parametrize(("text", "need"), CLEAR)
def test_a_clear_message_gets_its_page(guide: Guide, text, need):
    reply = guide.talk().say(text)[0]
    page = yaml.safe_load((ROOT / f"data/content/{need}.yml").read_text(encoding="utf-8"))
    assert reply["custom"]["need"] == need
    assert reply["text"].startswith(page["answer"]["nb"].strip())
    assert page["next_step"]["nb"].strip() in reply["text"]
    assert reply["custom"]["track"] == page["track"]
    assert reply["custom"]["source"] == page["source"]
    assert services_of(reply), "there is always somebody to turn to"


def test_every_page_has_a_clear_message_here():
    assert {need for _, need in CLEAR} | {"vent_anger", "ask_find_office"} == {
        path.stem for path in (ROOT / "data/content").glob("*.yml")
    }


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("Jeg bor i Alta, hvor er familievernkontoret?", "office:alta_og_hammerfest"),
        ("hvor er kontoret i kautokeino", "office:indre_finnmark"),
        ("Kvar er familievernkontoret? Eg bur på Voss", "office:odda"),
        ("9510", "office:alta_og_hammerfest"),
        ("Fana", "office:bergen_og_omland"),
        ("bydel Alna", "office:enerhaugen"),
        ("sogndal", "office:sunnfjord_og_sogn"),
        ("Postnummeret mitt er 8400", "office:lofoten_og_vesteralen"),
    ],
)
def test_the_office_of_a_place(guide: Guide, text, office):
    assert office in services_of(guide.talk().say(text)[0])


@pytest.mark.parametrize(
    ("text", "buttons"),
    [
        ("Bergen", {"Fana", "Årstad", "Åsane"}),
        ("0481", {"Sagene", "Alna", "Frogner"}),
        ("Herøy", {"Herøy (Nordland)", "Herøy (Møre og Romsdal)"}),
        ("Os", {"Os (Innlandet)", "Bjørnafjorden (Vestland)"}),
    ],
)
def test_an_unclear_place_is_asked_about_and_the_button_answers(guide: Guide, text, buttons):
    talk = guide.talk()
    reply = talk.say(text)[0]
    assert buttons <= {button["title"] for button in reply["buttons"]}
    for button in reply["buttons"]:
        assert services_of(talk.say(button["payload"])[0])[0].startswith("office:"), button


def test_an_unsure_place_is_said_to_be_unsure(guide: Guide):
    assert (
        "Ring og sjekk" in guide.talk().say("Jeg bor i Sogndal. Hvor er kontoret mitt?")[0]["text"]
    )


def test_the_place_is_asked_for_once_and_remembered(guide: Guide):
    talk = guide.talk()
    assert "Hvor bor du?" in talk.say("Hvor er kontoret mitt?")[0]["text"]
    assert services_of(talk.say("Alta")[0]) == ["office:alta_og_hammerfest"]
    later = talk.say("Jeg trenger noen å snakke med")[0]
    assert "office:alta_og_hammerfest" in services_of(later)
    assert "/ask_find_office" not in [button["payload"] for button in later["buttons"]]


def test_an_unknown_place_gets_no_office(guide: Guide):
    reply = guide.talk().say("jeg bor i Langtvekkistan")[0]
    assert not [s for s in services_of(reply) if s.startswith("office:")]
    assert reply["custom"]["need"] != "ask_find_office" or "bufdir.no" in reply["text"]


def test_year_and_sum_are_no_postal_code(guide: Guide):
    for text in ("Vedtaket kom i 2024, kan jeg klage?", "Jeg skylder 5003 kroner i husleie"):
        assert not [s for s in services_of(guide.talk().say(text)[0]) if s.startswith("office:")]


def test_yes_goes_on_and_no_asks_what_else(guide: Guide):
    talk = guide.talk()
    talk.say("Trenger advokat")
    yes = talk.say("ja gjerne")[0]
    assert yes["custom"]["need"] == "need_legal_aid" and yes["buttons"]
    assert talk.say("nei takk")[0]["custom"]["need"] == "deny"


def test_yes_to_nothing_offers_the_menu(guide: Guide):
    reply = guide.talk().say("ja")[0]
    assert reply["custom"]["need"] == "affirm" and len(reply["buttons"]) >= 3


def test_not_understood_by_the_parent_is_said_in_short(guide: Guide):
    talk = guide.talk()
    long = talk.say("Når kan jeg få barnet mitt hjem igjen?")[0]
    short = talk.say("Jeg forstår ikke, si det enklere")[0]
    assert short["custom"]["need"] == "need_child_back"
    assert len(short["text"]) < len(long["text"])


def test_not_understood_by_the_guide_is_said_with_ways_on(guide: Guide):
    reply = guide.talk().say("qzx wvk pltr")[0]
    assert reply["custom"]["need"] in ("nlu_fallback", "out_of_scope")
    assert len(reply["buttons"]) >= 2


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("hei hei", "greet"),
        ("ha det bra", "goodbye"),
        ("tusen takk for hjelpen", "thank"),
        ("hva kan du hjelpe med?", "ask_menu"),
        ("er du en robot?", "bot_challenge"),
        ("lagrer du det jeg skriver her?", "ask_privacy"),
        ("dette hjalp meg", "feedback_positive"),
        ("dette svaret hjalp meg ikke", "feedback_negative"),
        ("can we speak english", "change_language"),
        ("stopp", "stop"),
        ("hvem vinner eliteserien i år", "out_of_scope"),
    ],
)
def test_conversation(guide: Guide, text, need):
    assert guide.talk().say(text)[0]["custom"]["need"] == need


def test_anger_is_met_without_a_lecture(guide: Guide):
    assert (
        guide.talk().say("Jævla barnevern, dere er noen svin")[0]["custom"]["need"] == "vent_anger"
    )


@pytest.mark.parametrize(
    "text",
    [
        "😭",
        "\u200b\u200bhei",
        "a\x00b",
        "𝕙𝕖𝕛",
        "\u202esnudd",
        "{slot}",
        "{place}",
        "<b>hei</b>",
        "%s %d",
    ],
)
def test_odd_characters_are_answered(guide: Guide, text):
    assert guide.talk().say(text)[0]["custom"]["need"] != "fallback_emergency"


def test_the_page_asks_no_third_party(guide: Guide):
    page = requests.get(f"{guide.url}/chat/", timeout=5).text
    assert "http://" not in page and "https://" not in page
