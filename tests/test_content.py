"""The written pages: each is complete, sourced and plain."""

import datetime as dt
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.shared.core.domain import Domain

from bot.channels.replies import emergency_reply
from bot.content import checks
from bot.content.languages import EMERGENCY_SERVICES, LanguageCard, read_cards
from bot.content.pages import FOLDER, BadPages, Page, read_pages
from bot.content.tracks import FILE as TRACKS_FILE
from bot.content.tracks import read_tracks
from tests.conftest import ROOT

# Pages must be reviewed by a date. Counted from the real day, an old checkout would one day fail
# without anybody having changed it; `foreldreveiviseren content check` counts from the real day.
TODAY = dt.date(2026, 11, 21)

DIRECTORY = ROOT / "data" / "directory"
FACTS = checks.known_facts(DIRECTORY / "rights.csv")
# 15 words in one sentence, 4 of them long: LIX 15 + 100 * 4 / 15 = 41.7
HEAVY = "Barnevernet og kontoret skal forklare alt som er viktigst for deg og barnet ditt hjemme."
# 12 words in one sentence, 3 of them long: LIX 12 + 25 = 37
LEGAL = "Du har rett til advokat når nemnda skal behandle omsorgen for barnet."


SERVICES = checks.known_services(DIRECTORY / "services.csv")


def raw_page() -> dict[str, Any]:
    return yaml.safe_load((FOLDER / "need_talk.yml").read_text(encoding="utf-8"))


def changed(path: str, value: Any) -> dict[str, Any]:
    """The page `need_talk` with the field at a dotted path set."""
    page = deepcopy(raw_page())
    *folders, last = path.split(".")
    place = page
    for folder in folders:
        place = place[folder]
    place[last] = value
    return page


def messages(raw: dict[str, Any]) -> list[str]:
    pages = {**read_pages(), raw["id"]: Page(**raw)}
    problems = list(checks.check(pages.values(), FACTS, SERVICES, TODAY))
    assert {problem.file for problem in problems} <= {f"{raw['id']}.yml"}
    return [problem.message for problem in problems]


def test_the_real_pages_have_no_problems():
    problems = list(checks.check(read_pages().values(), FACTS, SERVICES, TODAY))
    assert "\n".join(map(str, problems)) == ""


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        pytest.param("answer.nb", "Du er her. " * 31, "answer.nb has 93 words", id="long"),
        pytest.param("answer.nn", "Du er her. " * 31, "answer.nn has 93 words", id="long-nynorsk"),
        pytest.param("answer.en", "I am here. " * 31, "answer.en has 93 words", id="long-english"),
        pytest.param("simpler.nn", "Du er her. " * 14, "simpler.nn has 42 words", id="not-short"),
        pytest.param("simpler.nb", LEGAL, "simpler.nb has LIX 37, at most 30", id="not-simple"),
        pytest.param("answer.nb", HEAVY, "answer.nb has LIX 42, at most 35", id="heavy"),
        pytest.param("answer.nn", HEAVY, "answer.nn has LIX 42", id="heavy-nynorsk"),
        pytest.param("title.nb", "x" * 33, "title.nb is longer than 32", id="long-title"),
        pytest.param("answer.nb", "Si at «du vil ha time.", "answer.nb has '«'", id="guillemet"),
        pytest.param("answer.nb", "Du kan ringe – når du vil.", "has '–'", id="dash"),
        pytest.param("next_step.nb", "Si “hei.", "next_step.nb has '“'", id="curly-quote"),
        pytest.param("next_step.nb", "Det er Kari’s.", "has '’'", id="curly-apostrophe"),
        pytest.param("title.nb", "Vent litt …", "title.nb has '…'", id="ellipsis"),
        pytest.param("answer.nb", "Ring\u00a0oss.", r"answer.nb has '\xa0'", id="hard-space"),
        pytest.param("answer.nb", "Ring 22 40 00 40.", "the number '22 40 00 40'", id="number"),
        pytest.param("next_step.nb", "Ring 22400040 nå.", "the number '22400040", id="unspaced"),
        pytest.param("next_step.nb", "Ring 466 17 010.", "the number '466 17 010'", id="mobile"),
        pytest.param("answer.nb", "Ring 116 123.", "the number '116 123'", id="helpline"),
        pytest.param("answer.en", "Call 116117.", "the number '116117'", id="in-english"),
        pytest.param("title.nb", "Ring 113", "title.nb has the number '113'", id="emergency"),
        pytest.param("facts", ["FAM-02", "FAM-999"], "the fact FAM-999 is", id="unknown-fact"),
        pytest.param("signposts", ["office", "nod_911"], "the service nod_911", id="service"),
        pytest.param("more", ["nod_911"], "the service nod_911", id="more-unknown"),
        pytest.param("more", ["kirkens_sos"], "both in signposts and in more", id="twice"),
        pytest.param("signposts", ["ung_no"], "is for children", id="for-children"),
        pytest.param("see_also", ["need_luck"], "see_also names need_luck", id="see-also"),
        pytest.param("review_by", "2026-11-20", "reviewed by 2026-11-20", id="review-overdue"),
    ],
)
def test_each_fault_of_a_page_is_found_and_nothing_else(field, value, message):
    (found,) = messages(changed(field, value))
    assert message in found


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("answer.nb", "Du er her. " * 30, id="ninety-words"),
        pytest.param("answer.en", HEAVY, id="english-is-not-measured-by-lix"),
        pytest.param("title.nb", "x" * 32, id="title-that-just-fits"),
        pytest.param("answer.nb", "Siden 1. januar 2023 gjelder § 11-2.", id="years-and-sections"),
        pytest.param("answer.nb", 'Si "hei" - så hører vi på deg.', id="plain-marks"),
        pytest.param("review_by", "2026-11-21", id="to-be-reviewed-today"),
        pytest.param("signposts", ["office"], id="office-of-the-place"),
        pytest.param("signposts", ["other_offices"], id="offices-nearby"),
        pytest.param("track", None, id="no-track"),
    ],
)
def test_what_is_just_within_the_rules_passes(field, value):
    assert messages(changed(field, value)) == []


def test_a_page_on_the_law_may_be_a_little_heavier():
    page = changed("answer.nb", LEGAL)
    (found,) = messages(page)
    assert "LIX 37, at most 35" in found
    page["source"]["url"] = "https://lovdata.no/lov/2021-06-18-97"
    assert messages(page) == []
    page["answer"]["nb"] = HEAVY
    (found,) = messages(page)
    assert "LIX 42, at most 40" in found


def test_all_faults_of_a_page_are_found_at_once():
    page = changed("see_also", ["need_luck"])
    page["title"]["nb"] = "Ring 113"
    page["facts"] = ["FAM-999"]
    assert len(messages(page)) == 3


def test_only_facts_verified_in_their_source_may_be_stated(tmp_path):
    path = tmp_path / "rights.csv"
    path.write_text(
        "id,fact_nb,status\nFAM-1,Det er gratis.,verified-in-source\nFAM-2,Kanskje.,unverified\n",
        encoding="utf-8",
    )
    assert checks.known_facts(path) == {"FAM-1"}


def write(folder: Path, name: str, page: Any) -> None:
    content = page if isinstance(page, str) else yaml.safe_dump(page, allow_unicode=True)
    (folder / name).write_text(content, encoding="utf-8")


@pytest.mark.parametrize(
    ("page", "message"),
    [
        pytest.param("", "is not a page in YAML", id="empty"),
        pytest.param("- need_talk\n", "is not a page in YAML", id="list"),
        pytest.param("id: need_talk\n  track: x: y\n", "is not a page in YAML", id="indentation"),
        pytest.param({"id": "need_talk"}, "answer: field required", id="fields-missing"),
        pytest.param(changed("titel", "Hei"), "titel: extra fields", id="misspelt-field"),
        pytest.param(changed("answer", {"nn": "Hei"}), "answer.nb: field", id="no-bokmål"),
        pytest.param(changed("answer.nb", "  "), "answer.nb: ensure", id="empty-answer"),
        pytest.param(changed("answer.se", "Bures"), "answer.se: extra", id="unknown-form"),
        pytest.param(changed("track", "life_copying"), "track: string", id="unknown-track"),
        pytest.param(changed("review", "ok"), "review: string", id="unknown-review"),
        pytest.param(changed("review_by", "snart"), "review_by: invalid date", id="no-date"),
        pytest.param(changed("source.url", "http://bufdir.no"), "source.url: str", id="http"),
        pytest.param(changed("source.checked", "2026"), "source.checked: str", id="month-missing"),
        pytest.param(changed("id", "need_walk"), "must be the file's name", id="other-name"),
    ],
)
def test_a_file_that_is_no_page_is_named(tmp_path, page, message):
    write(tmp_path, "need_talk.yml", page)
    with pytest.raises(BadPages) as caught:
        read_pages(tmp_path)
    assert {problem.file for problem in caught.value.problems} == {"need_talk.yml"}
    assert message in str(caught.value)


def test_all_bad_files_are_named_at_once(tmp_path):
    write(tmp_path, "need_talk.yml", raw_page())
    write(tmp_path, "need_peers.yml", "")
    write(tmp_path, "need_rights.yml", changed("id", "need_right"))
    with pytest.raises(BadPages) as caught:
        read_pages(tmp_path)
    assert [p.file for p in caught.value.problems] == ["need_peers.yml", "need_rights.yml"]


def test_a_page_in_another_encoding_is_named(tmp_path):
    content = (FOLDER / "need_talk.yml").read_text(encoding="utf-8")
    (tmp_path / "need_talk.yml").write_text(content, encoding="cp1252")
    with pytest.raises(BadPages, match=r"need_talk\.yml"):
        read_pages(tmp_path)


@pytest.mark.parametrize(
    ("text", "lix"),
    [
        ("", 0),
        ("113? 112!", 0),
        ("Hei.", 1),
        ("Hei", 1),
        ("Du kan ringe oss. Vi svarer.", 3),  # 6 words, 2 sentences, 6 letters are not long
        ("Vi hjelper.", 52),  # 2 words, 1 sentence, 7 letters are long
        ("Barnevernet hjelper deg", 3 + 200 / 3),
        ("Første timen\nDu forteller.", 2 + 25),  # a heading is a sentence
        ("Du kan:\n- ringe\n- skrive", 4 / 3),  # so is an item of a list
        ("Husk: ring oss.", 1.5),  # a colon ends one too
        ("Hei! Er du der?", 2),
        ("Du har 3 barn.", 3),  # a number is no word
        ("Åpningstidene står på døra.", 4 + 25),
        (HEAVY, 15 + 400 / 15),
        (LEGAL, 12 + 25),
    ],
)
def test_lix_as_counted_by_hand(text, lix):
    assert checks.lix(text) == pytest.approx(lix)


def test_a_page_in_english_is_so_in_all_its_parts():
    page = raw_page()
    assert page["answer"]["en"]
    del page["next_step"]["en"]
    (found,) = messages(page)
    assert "next_step.en is missing" in found


def test_enough_pages_are_in_english():
    assert sum(page.answer.en is not None for page in read_pages().values()) >= 12


def test_the_real_cards_have_no_problems_and_are_of_many_languages():
    cards = read_cards()
    assert len(cards) >= 20
    assert "\n".join(map(str, checks.check_cards(cards.values()))) == ""


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("danger", "Ring {nod_112}.", "must name {nod_113} first"),
        ("danger", "Ring {nod_113} eller 112.", "numbers come from the directory"),
        ("card", "اتصل ١١٣", "numbers come from the directory"),
        ("say_nb", "Jeg trenger tolk.", "doesn't name the language"),
    ],
)
def test_each_fault_of_a_card_is_found(field, value, message):
    card = read_cards()["pl"].copy(update={field: value})
    (found,) = checks.check_cards([card])
    assert message in found.message


def test_a_card_may_name_only_what_the_emergency_reply_carries():
    card = read_cards()["pl"].dict()
    with pytest.raises(ValueError, match=r"names .*rusinfo"):
        LanguageCard(**{**card, "danger": "Ring {nod_113} eller {rusinfo}."})
    emergency = emergency_reply(Domain.load(str(ROOT / "domain.yml")))["custom"]["signposts"]
    assert {signpost["service"] for signpost in emergency} >= EMERGENCY_SERVICES


def test_no_native_reader_has_checked_a_card_so_each_says_that_it_is_machine_translated():
    assert all(card.machine_translated for card in read_cards().values())


def test_the_real_talk_about_tracks_has_no_problems():
    assert "\n".join(map(str, checks.check_tracks(read_tracks(), FACTS, TODAY))) == ""


@pytest.mark.parametrize(
    ("next_step", "message"),
    [("nowhere", "is no question or track"), ("start", "asked in a circle")],
)
def test_a_talk_about_tracks_without_an_end_is_refused(tmp_path, next_step, message):
    talk = yaml.safe_load(TRACKS_FILE.read_text(encoding="utf-8"))
    talk["questions"]["start"]["choices"][0]["next"] = next_step
    path = tmp_path / "tracks.yml"
    path.write_text(yaml.safe_dump(talk), encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_tracks(path)
