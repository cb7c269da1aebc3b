"""Pointing right, over HTTP: written forms, tracks, offices nearby, language cards."""

import pytest
import yaml

from bot.content.languages import read_cards
from tests.conftest import ROOT, Guide, numbers_in, services_of


def page(name: str) -> dict:
    return yaml.safe_load((ROOT / f"data/content/{name}.yml").read_text(encoding="utf-8"))


def button_titled(reply: dict, title: str) -> str:
    (payload,) = [b["payload"] for b in reply["buttons"] if b["title"] == title]
    return payload


def test_nynorsk_is_answered_in_nynorsk_and_remembered(guide: Guide):
    talk = guide.talk()
    first = talk.say(
        "Eg vil vite kva rettar eg har når dei skriv om meg i mappa, og korleis eg klagar"
    )
    assert first[0]["custom"]["written_form"] == "nn"
    later = talk.say("advokat")[0]
    assert later["text"].startswith(page("need_legal_aid")["answer"]["nn"].strip())
    assert later["custom"]["written_form"] == "nn"


def test_bokmal_later_is_answered_in_bokmal(guide: Guide):
    talk = guide.talk()
    talk.say("Eg veit ikkje korleis eg skal få snakka med borna mine no")
    reply = talk.say("Jeg vil heller vite hva det koster å gå til familievernet hos dere")[0]
    assert reply["custom"]["written_form"] == "nb"


def test_a_crisis_in_nynorsk_gets_its_numbers_in_nynorsk(guide: Guide):
    reply = guide.talk().say("Eg orkar ikkje å leve lenger, eg vil berre døy i natt")[0]
    assert reply["custom"]["need"] == "crisis_suicide"
    assert "heile døgnet" in reply["text"] and "113" in numbers_in(reply["text"])


def test_the_reminder_after_a_crisis_is_in_the_same_form(guide: Guide):
    talk = guide.talk()
    talk.say("Eg orkar ikkje å leve lenger, eg vil berre døy i natt")
    assert "Treng du hjelp no" in talk.say("Kva kostar det å gå til familievernet?")[0]["text"]


def test_said_again_it_is_the_simpler_version(guide: Guide):
    talk = guide.talk()
    talk.say("Når kan jeg få barnet mitt hjem igjen?")
    reply = talk.say("Jeg forstår ikke, si det enklere")[0]
    assert reply["text"].strip() == page("need_child_back")["simpler"]["nb"].strip()
    assert services_of(reply)


TRACKS = {
    ("Å være forelder på avstand", "Meg og barnet"): "parent_support",
    ("Å være forelder på avstand", "De andre rundt barnet"): "network_support",
    ("Å ha det bedre selv", "En terapeut"): "life_coping",
    ("Å ha det bedre selv", "En som har opplevd det samme"): "peer_support",
    ("Forholdet til andre",): "network_support",
    ("Å møte andre i samme båt",): "peer_support",
}


@pytest.mark.parametrize(("ways", "track"), TRACKS.items())
def test_the_talk_about_tracks_ends_in_one(guide: Guide, ways, track):
    talk = guide.talk()
    reply = talk.say("Hvilke retninger kan jeg velge mellom?")[0]
    for title in ("Hvilken passer for meg?", *ways):
        reply = talk.say(button_titled(reply, title))[0]
    assert reply["custom"]["track"] == track
    assert "åtte timer" in reply["text"] and services_of(reply)
    assert ("ikke på alle kontor" in reply["text"]) == (track == "peer_support")
    again = talk.say(button_titled(reply, "Svare på nytt"))[0]
    assert len(again["buttons"]) == 4


def test_a_crisis_breaks_into_the_talk_and_it_can_be_taken_up_again(guide: Guide):
    talk = guide.talk()
    reply = talk.say("Hvilke retninger kan jeg velge mellom?")[0]
    asked = talk.say(button_titled(reply, "Hvilken passer for meg?"))[0]
    assert talk.say("Jeg vil ta livet mitt i kveld")[0]["custom"]["need"] == "crisis_suicide"
    reply = talk.say(button_titled(asked, "Å møte andre i samme båt"))[0]
    assert reply["custom"]["track"] == "peer_support"


def test_other_offices_nearby_are_the_nearest(guide: Guide):
    talk = guide.talk()
    office = talk.say("Jeg bor i Drammen. Hvor er familievernkontoret mitt?")[0]
    payload = button_titled(office, page("ask_choose_office")["title"]["nb"])
    shown = services_of(talk.say(payload)[0])
    assert shown[0] == services_of(office)[0]
    assert len([s for s in shown if s.startswith("office:")]) == 4
    assert "office:tromso" not in shown and "office:asker_barum" in shown


def test_an_office_says_where_it_is_and_when_it_opens(guide: Guide):
    (office,) = guide.talk().say("Jeg bor i Alta. Hvor er kontoret mitt?")[0]["custom"]["signposts"]
    assert office["address"] and office["email"] and office["map"].startswith("https://")
    assert office["open_now"] in (True, False, None)
    if office["open_now"] is False:
        assert office["opens_next"] > "2026"


def test_a_doubtful_office_says_call_and_check(guide: Guide):
    (office,) = guide.talk().say("Jeg bor i Sarpsborg, hvor er kontoret?")[0]["custom"]["signposts"]
    assert "Ring og sjekk" in office["caution"]


CALM = {
    "pl": "Dzień dobry, czy mogę porozmawiać z kimś po polsku o moim dziecku?",
    "ar": "مرحبا، أريد أن أعرف متى أستطيع رؤية طفلي",
    "so": "Waxaan rabaa inaan ogaado goorta aan arki karo ilmahayga",
    "uk": "Добрий день, коли я зможу побачити свою дитину?",
}


@pytest.mark.parametrize("code", CALM)
def test_another_language_gets_its_card_with_numbers_and_a_sentence_to_show(guide: Guide, code):
    card = read_cards()[code]
    foreign, norwegian = guide.talk().say(CALM[code])
    assert foreign["custom"]["language"] == code
    assert foreign["custom"]["direction"] == card.direction
    assert foreign["text"].startswith(card.notice)
    assert {"113", "112", "116117", "116123"} <= set(numbers_in(foreign["text"]))
    assert card.say_nb in norwegian["text"] and "maskinoversatt" in norwegian["text"]
    assert {b["title"] for b in norwegian["buttons"]} >= {"English", "Norsk"}


def test_a_language_asked_for_in_norwegian_gets_its_card(guide: Guide):
    replies = guide.talk().say("kan du snakke polsk med meg?")
    assert replies[0]["custom"].get("language") == "pl"


def test_english_is_chosen_and_kept(guide: Guide):
    talk = guide.talk()
    _card, choice = talk.say("Hello, can you please help me in English?")
    chosen = talk.say(button_titled(choice, "English"))[0]
    assert chosen["custom"]["written_form"] == "en"
    reply = talk.say(button_titled(chosen, "Contact with my child"))[0]
    assert reply["text"].startswith(page("need_contact_child")["answer"]["en"].strip())


@pytest.mark.parametrize(
    ("text", "code", "need"),
    [
        ("Mąż mnie bije i boję się o swoje życie", "pl", "crisis_violence"),
        ("Я хочу померти, я більше не можу жити", "uk", "crisis_suicide"),
    ],
)
def test_a_cry_in_another_language_gets_the_numbers_in_it_first(guide: Guide, text, code, need):
    foreign, norwegian = guide.talk().say(text)
    assert foreign["custom"]["language"] == code and norwegian["custom"]["need"] == need
    assert {"113", "112", "116117", "116123"} <= set(numbers_in(foreign["text"]))


def test_a_cry_in_english_gets_help_in_english(guide: Guide):
    (reply,) = guide.talk().say("I want to kill myself, I can not live without my children")
    assert reply["custom"]["need"] == "crisis_suicide"
    assert reply["custom"]["written_form"] == "en" and "call 113" in reply["text"]


def test_more_services_come_four_at_a_time_until_all_were_shown(guide: Guide):
    more = page("need_other_services")["more"]
    assert len(more) > 4
    talk = guide.talk()
    reply = talk.say("Hvilke andre organisasjoner kan hjelpe meg?")[0]
    shown: list[str] = []
    while [b for b in reply["buttons"] if b["title"] == "Vis flere steder"]:
        reply = talk.say(button_titled(reply, "Vis flere steder"))[0]
        assert 1 <= len(services_of(reply)) <= 4
        shown += services_of(reply)
    assert sorted(shown) == sorted(more)
