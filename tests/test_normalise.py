"""What the normaliser makes of what parents write, and what it leaves alone."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.normalise import normalise, read_writing

READ_AS = {
    # letters as one sign each, and signs that can't be seen
    "ga\u030a pa\u030a besøk": "gå på besøk",
    "jeg\u00a0vil\u200b ha\u2060 hjelp": "jeg vil ha hjelp",
    "sam\u00advær": "samvær",
    "\ufeffhei": "hei",
    "hei\u0000du": "hei du",
    "half \ud83d surrogate": "half surrogate",
    # marks
    "“nei”, sa han": '"nei", sa han',
    "«ja» – og så…": '"ja" - og så...',
    "hallo?????": "hallo?",
    "nei!!!!! ! !": "nei!",
    "jeg vet ikke........": "jeg vet ikke...",
    "første linje\nandre linje": "første linje. andre linje",
    "første linje.\n\nandre linje": "første linje. andre linje",
    # repeated letters
    "hjeeeeelp meeeg": "hjelp meg",
    "NEEEEEI": "nei",
    "tulllll": "tull",
    "snakkkke": "snakke",
    # Norwegian letters that the phone didn't have
    "naar faar jeg se soenn min": "når får jeg se sønn min",
    "jeg maa sporre om noe": "jeg må spørre om noe",
    "soster min": "søster min",
    # emoji
    "😭😭😭": "gråter",
    "han har 🔪": "han har kniv",
    "har tatt 💊💊": "har tatt piller",
    "👍🏽": "ja",
    "fin dag ☀️😊🌸": "fin dag",
    "👩\u200d👩\u200d👧 familien": "familien",
    # SMS
    "jg ikk sett bv": "jeg ikke sett barnevernet",
    "samver imorra": "samvær i morgen",
    "Hvorfr svarer de ikke": "Hvorfor svarer de ikke",
    # masked words
    "s*lvm*rd": "selvmord",
    "S3lvm0rd": "selvmord",
    "s e l v m o r d": "selvmord",
    "s.e.l.v.m.o.r.d": "selvmord",
    "vil dr*pe meg": "vil drepe meg",
    "v0ldt@tt": "voldtatt",
    "selvm***": "selvmord",
    # figures of speech
    "Vi holdt på å dø av latter": "Vi le godt",
    "slo i hjel tiden": "bruke tiden",
}

LEFT_ALONE = [
    "jeg bor her. kan dere ringe",
    "han er død. jeg er lei meg",
    "er du der?",
    "Jeg bor i Bø",
    "ring 112 eller 116 117",
    "kl. 12.30 i 3. etasje, postnummer 9730",
    "1000000 ganger",
    "se www.bufdir.no",
    "b4rnet og d3pr1m3rt",
    "a b c d",
    "Når *skal* jeg ringe",
    "5-åringen min",
    "far min sa det",
    "ja. nei. ja. nei",
    "dere må la være",
    "æ e så trøtt no",
    "eg orkar ikkje",
    "mun sihten oaidnit mánáidan",
    "хочу побачити свою дитину",
    "ตอนนี้",
]


@pytest.mark.parametrize(("written", "read"), READ_AS.items())
def test_reads_what_was_meant(written, read):
    assert normalise(written) == read


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_leaves_alone(text):
    assert normalise(text) == text


@pytest.mark.parametrize("table", ["emoji", "spellings", "letters"])
def test_every_table_entry_is_a_last_word(table):
    """A meaning that is itself read as something else would change with each reading."""
    for meant in getattr(read_writing(), table).values():
        assert normalise(meant) == meant


@given(st.text())
def test_any_text_can_be_read(text):
    read = normalise(text)
    assert read == read.strip()
    assert unicodedata.is_normalized("NFC", read)


LIKE_PARENTS = st.text(
    st.sampled_from("aeiouyæøåAEÅ bdhjklmnrst 0134578*#@$€.,!?-_'\n💊😭🔪👍☀️🏽\u200d\u030a\u00ad"),
    max_size=60,
)


@given(st.one_of(st.text(), LIKE_PARENTS))
def test_reading_twice_changes_nothing_more(text):
    once = normalise(text)
    assert normalise(once) == once


@given(st.one_of(st.text(), LIKE_PARENTS))
def test_length_stays_of_the_same_order(text):
    """The longest word for one sign is an emoji's; NFC itself may make three of one."""
    longest = max(map(len, read_writing().emoji.values())) + 2
    assert len(normalise(text)) <= longest * max(len(text), 1)
