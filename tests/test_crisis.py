"""Crisis first: the numbers come in the same turn, in the agreed order, whatever is down."""

import csv
import signal
import time

import pytest
import yaml

from tests.conftest import ROOT, Guide, numbers_in, services_of

FIRST = {
    "crisis_suicide": ["nod_113", "mental_helse_hjelpetelefonen", "kirkens_sos", "legevakt"],
    "crisis_violence": ["nod_112", "vo_linjen", "krisesentre", "legevakt"],
    "crisis_child_danger": ["nod_112", "alarmtelefonen", "barnevernvakt"],
    "crisis_acute": ["nod_113", "legevakt", "mental_helse_hjelpetelefonen", "familievernet"],
    "crisis_harm_others": ["legevakt", "mental_helse_hjelpetelefonen", "atv"],
}


# The button that corrects us, in the parent's own written form.
CORRECT = {"nb": "Det var ikke slik jeg mente det", "nn": "Det var ikkje slik eg meinte det"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Jeg orker ikke leve lenger, jeg vil ta livet mitt", "crisis_suicide"),
        ("eg vil ikkje leve utan ungane mine", "crisis_suicide"),
        ("Mannen min slår meg, og jeg er redd for å gå hjem i kveld", "crisis_violence"),
        ("samboeren min truer med å drepe meg", "crisis_violence"),
        ("Datteren min ringer og gråter, hun blir slått i fosterhjemmet", "crisis_child_danger"),
        ("jeg får panikk nå, får ikke puste, klarer ikke mer", "crisis_acute"),
        ("Jeg har lyst til å skade saksbehandleren, jeg er redd for hva jeg gjør",
         "crisis_harm_others"),
    ],
)  # fmt: skip
def test_help_comes_at_once_in_the_agreed_order(guide: Guide, text, kind):
    replies = guide.talk().say(text)
    assert len(replies) == 1
    reply = replies[0]
    assert reply["custom"]["need"] == kind
    shown = [service for service in services_of(reply) if service in FIRST[kind]]
    assert shown == FIRST[kind]
    assert [b["title"] for b in reply["buttons"]] == [CORRECT[reply["custom"]["written_form"]]]
    assert not reply["text"].rstrip().endswith("?"), "no question stands in the way of the help"


@pytest.mark.parametrize(
    ("text", "added", "first"),
    [
        ("Jeg har tatt en hel eske paracet fordi jeg vil dø", "giftinformasjonen", "nod_113"),
        ("sønnen min har svelget klorin, han er hos meg på samvær", "giftinformasjonen", "nod_113"),
        ("jeg har tatt overdose, hjelp meg", "giftinformasjonen", "nod_113"),
    ],
)
def test_what_was_swallowed_adds_the_poison_line(guide: Guide, text, added, first):
    reply = guide.talk().say(text)[0]
    assert reply["custom"]["need"].startswith("crisis_")
    assert services_of(reply)[0] == first
    assert {added, "legevakt"} <= set(services_of(reply))


def test_a_weapon_puts_the_police_first(guide: Guide):
    reply = guide.talk().say("jeg har en kniv og er på vei til saksbehandleren for å skade henne")[
        0
    ]
    assert reply["custom"]["need"] == "crisis_harm_others"
    assert services_of(reply)[0] == "nod_112"


def test_the_numbers_stay_within_reach_for_two_answers(guide: Guide):
    talk = guide.talk()
    talk.say("Jeg vil ikke leve lenger, jeg vil ta livet mitt")
    reached = ["116 123" in talk.say("hvor ofte får jeg samvær")[0]["text"] for _ in range(3)]
    assert reached == [True, True, False]


def test_the_parent_can_correct_us(guide: Guide):
    talk = guide.talk()
    button = talk.say("Jeg vil ikke leve lenger, jeg vil ta livet mitt")[0]["buttons"][0]
    reply = talk.say(button["payload"])[0]
    assert reply["custom"]["need"] == "not_crisis"
    assert "113" in numbers_in(reply["text"])
    assert reply["buttons"], "there is a way on"


def test_crisis_breaks_into_a_search_for_the_office(guide: Guide):
    talk = guide.talk()
    assert talk.say("Hvor er kontoret mitt?")[0]["custom"]["need"] == "ask_find_office"
    assert talk.say("nei jeg orker ikke leve mer")[0]["custom"]["need"] == "crisis_suicide"


@pytest.mark.parametrize(
    "text",
    [
        "Kan kommunen slå gresset for meg?",
        "Jeg lo så jeg holdt på å dø av latter på samværet",
        "Vi slo i hjel tiden med kortspill",
    ],
)
def test_figures_of_speech_are_no_crisis(guide: Guide, text):
    assert not guide.talk().say(text)[0]["custom"]["need"].startswith("crisis_")


def crisis_responses():
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    for name, variations in domain["responses"].items():
        for number, variation in enumerate(variations):
            yield pytest.param(variation, id=f"{name}-{number}")


@pytest.mark.parametrize("response", crisis_responses())
def test_numbers_in_responses_are_the_directorys(response):
    with (ROOT / "data/directory/services.csv").open(encoding="utf-8") as lines:
        services = {row["id"]: row for row in csv.DictReader(lines)}
    shown = {
        signpost["service"]: signpost
        for signpost in response.get("custom", {}).get("signposts", [])
    }
    for service_id, signpost in shown.items():
        service = services[service_id]
        assert service["status"] == "verified-in-source"
        assert (signpost["phone"] or "") == service["phone"]
        assert signpost["name"] == service["name_nb"]
        assert signpost["checked"] == service["source_date"]
        assert (signpost["open_now"] is True) == service["hours"].startswith("24/7")
    known = {row["phone"].replace("+47", "") for row in services.values()}
    assert set(numbers_in(response["text"])) <= known


def test_each_signpost_of_a_crisis_response_is_said_in_its_text():
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    for name, variations in domain["responses"].items():
        if name.startswith("utter_crisis_") and name != "utter_crisis_reminder":
            for variation in variations:
                phones = [s["phone"] for s in variation["custom"]["signposts"] if s["phone"]]
                wanted = {phone.replace("+47", "") for phone in phones}
                assert wanted <= set(numbers_in(variation["text"])), name


def test_crisis_help_comes_while_the_action_server_is_down(tmp_path):
    own = Guide(tmp_path).wait_until_ready()
    try:
        talk = own.talk()
        assert talk.say("Hvordan får jeg advokat?")[0]["custom"]["need"] == "need_legal_aid"
        for process in own.processes("-m actions"):
            process.send_signal(signal.SIGSTOP)  # slower than any patience
        started = time.monotonic()
        assert talk.say("Jeg vil ta livet mitt i natt")[0]["custom"]["need"] == "crisis_suicide"
        assert time.monotonic() - started < 2
        stuck = talk.say("Hvordan får jeg advokat?")[0]
        assert stuck["custom"]["need"] == "fallback_emergency"
        assert {"113", "116123", "116117"} <= set(numbers_in(stuck["text"]))
        for process in own.processes("-m actions"):
            process.kill()  # the supervisor starts another
        deadline = time.monotonic() + 30
        while not own.actions_answer() and time.monotonic() < deadline:
            time.sleep(0.3)
        assert talk.say("Hvordan får jeg advokat?")[0]["custom"]["need"] == "need_legal_aid"
        assert own.stop() == 0
        assert not own.actions_answer(), "both processes have ended"
    finally:
        own.stop()


def test_without_a_model_the_emergency_reply_comes(tmp_path):
    """A model that can't be read must not take the numbers away."""
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(b"no model")
    own = Guide(tmp_path, MODEL_PATH=str(broken)).wait_until_ready()
    try:
        talk = own.talk()
        assert "113" in numbers_in(talk.welcome[0]["text"])
        for text in ("Jeg vil ta livet mitt i natt", "Hvordan får jeg advokat?"):
            reply = talk.say(text)[0]
            assert reply["custom"]["need"] == "fallback_emergency"
            assert "113" in numbers_in(reply["text"])
    finally:
        own.stop()
