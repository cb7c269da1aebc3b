"""The HTTP contract of the widget channel (docs/channels.md), over HTTP."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.conftest import Guide, Talk, services_of


def message(text="Hei", **more):
    return {"message_id": str(uuid.uuid4()), "text": text, **more}


def error_of(response: requests.Response) -> str:
    body = response.json()
    assert body["message"].endswith("."), "an error is told in a whole sentence"
    assert "Traceback" not in response.text
    return body["error"]


def test_health(guide: Guide):
    response = requests.get(guide.channel + "/", timeout=5)
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_session_welcomes_says_it_is_a_robot_and_gives_numbers(guide: Guide):
    response = requests.post(f"{guide.channel}/session", timeout=20)
    body = response.json()
    assert response.status_code == 201
    assert set(body) == {"token", "expires_in", "replies"}
    assert body["expires_in"] > 0
    assert "robot" in body["replies"][0]["text"]
    assert "113" in body["replies"][0]["text"]


def test_two_sessions_have_different_tokens(guide: Guide):
    assert guide.talk().token != guide.talk().token


def test_replies_have_the_agreed_shape(guide: Guide):
    replies = guide.talk().say("Hvor ofte har jeg rett til samvær med datteren min?")
    for reply in replies:
        assert set(reply) == {"text", "buttons", "custom"}
        for button in reply["buttons"]:
            assert set(button) == {"title", "payload"}
    custom = replies[0]["custom"]
    assert custom["need"] == "need_contact_child"
    assert custom["track"] == "parent_support"
    assert custom["review"] == "draft"
    assert custom["written_form"] == "nb"
    assert custom["other_needs"] == []
    assert set(custom["source"]) == {"title", "url", "checked"}
    for signpost in custom["signposts"]:
        assert signpost["checked"]
        assert signpost["open_now"] in (True, False, None)


def test_the_same_message_id_gives_the_same_replies_and_one_turn(guide: Guide):
    talk = guide.talk()
    message_id = str(uuid.uuid4())
    first = talk.say("Hvem kan hjelpe meg med advokat?", message_id)
    again = talk.say("Hvem kan hjelpe meg med advokat?", message_id)
    assert again == first
    assert [m["from"] for m in talk.history()].count("parent") == 1


def test_the_same_message_id_sent_at_once_gives_one_turn(guide: Guide):
    talk = guide.talk()
    message_id = str(uuid.uuid4())
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: talk.say("Jeg vil klage", message_id), range(8)))
    assert all(answer == answers[0] for answer in answers)
    assert [m["from"] for m in talk.history()].count("parent") == 1


def test_history_resumes_the_conversation_as_it_was_seen(guide: Guide):
    talk = guide.talk()
    reply = talk.say("Jeg vil vite mer om samvær")[0]
    chosen = reply["buttons"][0]
    answer = talk.say(chosen["payload"])[0]
    assert talk.history() == [
        *({"from": "bot", **welcome} for welcome in talk.welcome),
        {"from": "parent", "text": "Jeg vil vite mer om samvær"},
        {"from": "bot", **reply},
        {"from": "parent", "text": chosen["title"]},
        {"from": "bot", **answer},
    ]


def test_erasing_ends_the_conversation_for_good(guide: Guide):
    talk = guide.talk()
    talk.say("Jeg savner barnet mitt")
    response = talk.erase()
    assert (response.status_code, response.content) == (204, b"")
    assert talk.post(message()).status_code == 401
    assert talk.erase().status_code == 401


def test_asking_to_be_forgotten_erases_but_lets_the_parent_go_on(guide: Guide):
    talk = guide.talk()
    talk.say("Jeg savner barnet mitt")
    assert talk.say("Slett samtalen")[0]["custom"]["need"] == "delete_my_data"
    assert talk.history() == []
    assert talk.say("Hei")[0]["custom"]["need"] == "greet"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Basic dXNlcjpwYXNz"},
        {"Authorization": "Bearer " + "a" * 32 + ".aaaaaa." + "b" * 27},
    ],
)
def test_without_a_right_token_nothing_is_told(guide: Guide, headers):
    talk = guide.talk()
    response = talk.post(message(), headers=headers)
    assert (response.status_code, error_of(response)) == (401, "unauthorized")


def test_a_changed_token_is_refused(guide: Guide):
    talk = guide.talk()
    talk.token = ("A" if talk.token[0] != "A" else "B") + talk.token[1:]
    assert talk.post(message()).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": "Hei"},
        {"message_id": str(uuid.uuid4())},
        {"message_id": "not-a-uuid", "text": "Hei"},
        {"message_id": str(uuid.uuid4()), "text": 7},
        {"message_id": str(uuid.uuid4()), "text": None},
        {"message_id": str(uuid.uuid4()), "text": "Hei", "sender": "someone-else"},
        {"message_id": str(uuid.uuid4()), "text": ""},
        {"message_id": str(uuid.uuid4()), "text": " \n\t "},
        [],
        "Hei",
        17,
    ],
)
def test_a_malformed_message_is_refused_kindly(guide: Guide, body):
    assert guide.talk().post(body).status_code in (400, 422)


def test_broken_json_is_told(guide: Guide):
    talk = guide.talk()
    response = requests.post(
        f"{talk.channel}/message",
        data="{not json",
        headers={**talk.headers, "Content-Type": "application/json"},
        timeout=20,
    )
    assert (response.status_code, error_of(response)) == (400, "not_json")


def test_another_content_type_is_told(guide: Guide):
    talk = guide.talk()
    response = requests.post(
        f"{talk.channel}/message",
        data=json.dumps(message()),
        headers={**talk.headers, "Content-Type": "text/plain"},
        timeout=20,
    )
    assert (response.status_code, error_of(response)) == (415, "wrong_content_type")


def test_a_message_of_2000_characters_is_read(guide: Guide):
    assert guide.talk().say("a" * 2000)


def test_a_longer_message_is_refused_with_the_numbers(guide: Guide):
    talk = guide.talk()
    response = talk.post(message("Jeg vil ha mer samvær. " * 100))
    assert (response.status_code, error_of(response)) == (413, "too_long")
    assert response.json()["replies"][0]["custom"]["need"] == "fallback_emergency"
    assert "113" in response.json()["replies"][0]["text"]


def test_a_longer_message_that_begins_with_a_crisis_gets_crisis_help(guide: Guide):
    talk = guide.talk()
    text = "Jeg vil ikke leve lenger uten barna mine, jeg vil dø. " * 60
    response = talk.post(message(text))
    assert response.status_code == 413
    assert response.json()["replies"][0]["custom"]["need"] == "crisis_suicide"


def test_a_flood_is_slowed_but_a_crisis_always_passes(guide: Guide):
    talk = guide.talk()
    with ThreadPoolExecutor(8) as pool:
        statuses = [r.status_code for r in pool.map(lambda _: talk.post(message()), range(45))]
    assert 429 in statuses
    refused = talk.post(message("Hei igjen"))
    assert (refused.status_code, error_of(refused)) == (429, "too_many")
    assert int(refused.headers["Retry-After"]) > 0
    crisis = talk.say("Jeg vil ta livet mitt i kveld")
    assert crisis[0]["custom"]["need"] == "crisis_suicide"


@pytest.mark.parametrize(
    "typed",
    [
        "/need_child_back",
        '/give_place{"place": "Oslo"}',
        "/restart",
        "/session_start",
        " /need_acceptance",
        "//ask_cost",
        "/",
    ],
)
def test_a_typed_command_is_only_text(guide: Guide, typed):
    talk = guide.talk()
    talk.say("Hei")
    talk.say(typed)
    assert len([m for m in talk.history() if m["from"] == "parent"]) == 2, "nothing was reset"


@pytest.mark.parametrize("intent", ["ask_cost", "crisis_violence", "need_network", "ask_limits"])
def test_a_typed_intent_does_not_steer(guide: Guide, intent):
    assert guide.talk().say(f"/{intent}")[0]["custom"]["need"] != intent


@pytest.mark.parametrize("words", ["delete_my_data", "not_crisis"])
def test_a_typed_command_is_read_as_its_words(guide: Guide, words):
    """These two say in English what the parent wants; the slash adds nothing."""
    with_slash, without = (guide.talk().say(text)[0] for text in (f"/{words}", words))
    assert with_slash["custom"]["need"] == without["custom"]["need"]


def test_an_offered_button_works(guide: Guide):
    talk = guide.talk()
    payload = next(b["payload"] for b in talk.welcome[0]["buttons"] if "child_back" in b["payload"])
    assert talk.say(payload)[0]["custom"]["need"] == "need_child_back"


def test_cors_only_for_the_allowed_origin(guide: Guide):
    def allowed(origin: str) -> str:
        response = requests.options(
            f"{guide.channel}/session",
            headers={"Origin": origin, "Access-Control-Request-Method": "POST"},
            timeout=5,
        )
        return response.headers.get("Access-Control-Allow-Origin", "")

    assert allowed("https://kommune.test") == "https://kommune.test"
    assert allowed("https://elsewhere.test") == ""


def test_no_cookies(guide: Guide):
    assert not requests.post(f"{guide.channel}/session", timeout=20).cookies


def test_rasas_own_api_is_off(guide: Guide):
    for path in ("/conversations/x/tracker", "/model/parse", "/status", "/domain"):
        assert requests.get(guide.url + path, timeout=5).status_code == 404


def test_the_page_is_served_with_its_parts(guide: Guide):
    page = requests.get(f"{guide.url}/chat/", timeout=5)
    assert page.status_code == 200
    assert "113" in page.text and '<html lang="nb">' in page.text
    for part in ("demo.js", "demo.css"):
        assert requests.get(f"{guide.url}/chat/{part}", timeout=5).status_code == 200


def test_conversations_do_not_mix(guide: Guide):
    def talk_of_office(place: str, office: str) -> bool:
        talk = Talk(guide.channel)
        talk.say("Hei")
        return office in services_of(talk.say(f"Jeg bor i {place}")[0])

    pairs = [("Tromsø", "office:tromso"), ("Kautokeino", "office:indre_finnmark")] * 4
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda pair: talk_of_office(*pair), pairs))
