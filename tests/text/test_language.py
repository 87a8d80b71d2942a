"""Rules of language detection."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.language import Detected, detect, foreign

ARTICLES = {
    "de": "Die Stadt hat am Montag die neue Brücke über den Fluss für den Verkehr freigegeben.",
    "en": "On Monday the city opened the new bridge across the river to all traffic.",
    "fr": "La ville a ouvert lundi le nouveau pont sur le fleuve à toute la circulation.",
    "es": "La ciudad abrió el lunes el nuevo puente sobre el río para todo el tráfico.",
    "it": "Lunedì la città ha aperto al traffico il nuovo ponte sul fiume.",
    "pt": "A cidade abriu na segunda-feira a nova ponte sobre o rio para todo o trânsito.",
    "nl": "De stad heeft maandag de nieuwe brug over de rivier voor het verkeer geopend.",
    "pl": "W poniedziałek miasto otworzyło nowy most przez rzekę dla całego ruchu.",
    "da": "Mandag åbnede byen den nye bro over floden, og den er ikke kun til bilister, siger borgmesteren.",
    "sv": "På måndagen öppnade staden den nya bron över floden för all trafik.",
    "no": "Mandag åpnet byen den nye broen over elva, og den er ikke bare for bilister, sier ordføreren nå.",
    "cs": "Město v pondělí otevřelo nový most přes řeku pro veškerou dopravu.",
    "hu": "A város hétfőn megnyitotta az új hidat a folyó felett a forgalom előtt.",
    "ro": "Orașul a deschis luni noul pod peste râu pentru tot traficul.",
    "fi": "Kaupunki avasi maanantaina uuden joen ylittävän sillan kaikelle liikenteelle.",
    "tr": "Şehir pazartesi günü nehrin üzerindeki yeni köprüyü trafiğe açtı.",
    "ru": "В понедельник город открыл новый мост через реку для движения.",
    "uk": "У понеділок місто відкрило новий міст через річку для руху.",
    "bg": "В понеделник градът откри новия мост над реката за движение.",
    "ar": "افتتحت المدينة يوم الاثنين الجسر الجديد فوق النهر أمام حركة المرور.",
    "zh": "周一，该市新建的跨河大桥正式通车。",
    "ja": "市は月曜日に川に架かる新しい橋を開通させた。",
    "ko": "시는 월요일에 강을 가로지르는 새 다리를 개통했다.",
    "el": "Ο δήμος άνοιξε τη Δευτέρα τη νέα γέφυρα στον ποταμό.",
}


@pytest.mark.parametrize("language", ARTICLES)
def test_a_sentence_is_recognised(language: str) -> None:
    """One plain sentence is enough for each language we name."""
    found = detect(ARTICLES[language])
    assert found.language == language
    assert found.confidence > 0.65  # lowest where neighbours are alike: Portuguese, Norwegian


@pytest.mark.parametrize("language", ["de", "en", "ru", "zh"])
def test_capitals_tell_the_same(language: str) -> None:
    """A headline in capitals is in the same language."""
    assert detect(ARTICLES[language].upper()).language == language


@pytest.mark.parametrize(
    "text", ["Berlin", "OK", "Angela Merkel", "Stade de France", "dpa", "a" * 500, "FC 04", "東京"]
)
def test_little_text_gives_little_confidence(text: str) -> None:
    """A name or a code is in no language for sure."""
    assert detect(text).confidence < 0.9


@pytest.mark.parametrize(
    "text", ["", " \n", "2024", "1.250.000 %", "🎉🎉", "…", "\ud800", "https://example.com/the-news"]
)
def test_no_words_no_language(text: str) -> None:
    """Where there is no letter to go by, nothing is claimed."""
    assert detect(text) == Detected("und", 0.0)


def test_addresses_do_not_count() -> None:
    """A German line stays German behind an English address and handle."""
    text = "https://example.com/breaking-news-from-the-world-of-football @TheNewsOfToday Das war gestern in Hamburg"
    assert detect(text).language == "de"


@pytest.mark.parametrize("padding", ["\n" * 100_000, "12345 " * 100_000, "- " * 100_000])
def test_a_long_text_is_judged_by_all_of_it(padding: str) -> None:
    """Letters are found wherever they stand, and a foreign opening does not decide."""
    assert detect(padding + ARTICLES["de"]).language == "de"
    assert detect(padding + ARTICLES["de"] + padding[: len(padding) // 3]).language == "de"
    assert detect(ARTICLES["en"] + " " + (ARTICLES["de"] + " ") * 200).language == "de"


def test_foreign_sentences() -> None:
    """A post in another language is told; names, titles, numbers, short lines and the article's own words are not."""
    lines = {
        ARTICLES["de"]: None,
        ARTICLES["en"]: "en",
        ARTICLES["fr"]: "fr",
        ARTICLES["zh"]: "zh",
        "What a night for this football club, thank you all so much! pic.twitter.com/abc": "en",
        "„Make America great again“, rief der Präsident der Menge zu.": None,
        "Serie „How to sell drugs online“ startet": None,
        "Why We Should All Be Here When They Come Home": None,
        "The Rolling Stones": None,
        "Manchester United Football Club": None,
        "Real Madrid Club de Fútbol, Paris Saint-Germain Football Club": None,
        "OK.": None,
        "2:1 (1:0)": None,
        "": None,
    }
    assert foreign(list(lines), "de") == list(lines.values())
    assert foreign([ARTICLES["en"], ARTICLES["de"]], "en") == [None, "de"]


PIECES = {
    "„This is not what we have been told by the people who are in charge of the port“, schrieb sie.": "en",
    "„Nous ne savons pas encore ce qui s'est passé dans le port cette nuit“, sagte der Kapitän.": "fr",
    "Politiet oplyser, at der ikke er nogen, der er kommet til skade ved uheldet på havnen.": "da",
    "De burgemeester van de stad zei dat hij er niets over wist, en dat het als grap was bedoeld.": "nl",
    "Politiet sier at det ikke var noen i bilen da den ble funnet, og at de er glade for det.": "no",
}


@pytest.mark.parametrize("text", PIECES)
def test_a_few_words_of_the_article_hide_no_other_language(text: str) -> None:
    """A German word or two, or words that German shares with its neighbours, make no German sentence."""
    assert foreign([text], "de") == [PIECES[text]]
    assert foreign([text], "en") == [None if PIECES[text] == "en" else PIECES[text]]


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    """No string fails; the code has two letters or is ``und``, the confidence lies between 0 and 1."""
    found = detect(text)
    assert len(found.language) == 2 or found == Detected("und", 0.0)
    assert 0.0 <= found.confidence <= 1.0


def test_threads_get_the_same_answer() -> None:
    """Detection from many threads at once gives what one thread gives."""
    texts = list(ARTICLES.values()) * 10
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(detect, texts)) == [detect(text) for text in texts]


@pytest.mark.parametrize("letter", ["a", " ", "@", "1", "中", "www.", "a.", "a@"])
def test_ten_megabytes_take_no_time(letter: str) -> None:
    """A huge text is sampled, not read."""
    before = time.perf_counter()
    detect(letter * (10_000_000 // len(letter)))
    assert time.perf_counter() - before < 2


RARER = {
    "ca": "L'Ajuntament ha presentat el pla de mobilitat per als pròxims deu anys, amb més carrils per a bicicletes.",
    "sk": "Mestská doprava bude od budúceho týždňa jazdiť častejšie, oznámil primátor na tlačovej konferencii.",
    "sl": "Slovenska vlada je v torek sprejela nov sveženj ukrepov za pomoč gospodinjstvom. Predsednik vlade je dejal, "
    "da bodo cene elektrike do konca leta ostale nespremenjene.",
    "hr": "Gradski prijevoz od sljedećeg tjedna vozit će češće, najavio je gradonačelnik na konferenciji za novinare.",
    "sr": "Vlada je usvojila u utorak novi paket mera za pomoć građanima i privredi. Premijer je rekao da će cena "
    "struje ostati nepromenjena do kraja godine.",
    "eu": "Gobernuak astearte honetan plan berri bat onartu du familiei laguntzeko. Lehendakariak esan du argindarraren "
    "prezioa ez dela igoko urte amaiera arte.",
    "et": "Valitsus kiitis teisipäeval heaks uue paketi perede abistamiseks, elektri hind aasta lõpuni ei tõuse.",
    "lb": "D'Regierung huet en Dënschdeg en neie Pak u Moossnamen ugeholl, fir de Stéit ze hëllefen. De Premier sot, de "
    "Stroumpräis géif bis Enn vum Joer net an d'Luucht goen.",
    "he": "הממשלה אישרה ביום שלישי תוכנית חדשה לסיוע למשקי הבית, אמר ראש הממשלה.",
    "hi": "सरकार ने मंगलवार को किसानों की मदद के लिए एक नई योजना की घोषणा की।",
    "th": "รัฐบาลอนุมัติมาตรการใหม่เพื่อช่วยเหลือประชาชนเมื่อวันอังคาร",
}


@pytest.mark.parametrize("language", RARER)
def test_two_sentences_of_a_rarer_language_are_recognised(language: str) -> None:
    """What an article is seldom in weighs less the more there is to read; none of its own sentences is foreign then."""
    assert detect(RARER[language]).language == language
    assert foreign([RARER[language]], language) == [None]


@pytest.mark.parametrize("language", ["ar", "he", "hi", "th"])
def test_a_script_without_capitals_is_foreign_too(language: str) -> None:
    """Its words are no names for having no small letters, nor too few for having no spaces."""
    assert foreign([(ARTICLES | RARER)[language]], "de") == [language]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("De Regeren hett in'n Rathuus en Plaan vörstellt, de Minister hett seggt, dat is noch nich noog.", "de"),
        ("D'Regierig het am Zischtig es neus Paket vo Massnahme beschlosse, wo de Lüüt hälfe söll.", "de"),
        ("Skupština grada je u utorak usvojila novi plan gradnje mosta preko rijeke.", "sr"),
    ],
)
def test_dialects_are_read_by_the_models_of_their_language(text: str, language: str) -> None:
    """Low and Swiss German; and what was called Serbo-Croatian ("sh") has a code that is used today."""
    assert detect(text).language == language


@pytest.mark.parametrize(
    ("home", "text"),
    [
        ("nb", ARTICLES["no"]),
        ("yue", ARTICLES["zh"]),
        ("nds", "De Regeren hett in'n Rathuus en Plaan vörstellt, de Minister hett seggt, dat is noch nich noog."),
    ],
)
def test_a_text_is_at_home_in_what_was_asked_for(home: str, text: str) -> None:
    """A translation into Bokmål, Cantonese or Low German is in no other language for the code it has here."""
    assert foreign([text], home) == [None]
    assert foreign([text], "fr") != [None]


@pytest.mark.parametrize(
    "text",
    [
        "GROßE FREUDE ÜBER DIE NEUE STRAßE",
        "Die neue Brücke wurde am Montag für den Verkehr freigegeben".replace(" ", "\u00a0"),
        "\u200b".join("Die neue Brücke wurde am Montag für den Verkehr freigegeben"),
        "𝗗𝗶𝗲 𝗻𝗲𝘂𝗲 𝗕𝗿𝘂𝗲𝗰𝗸𝗲 𝘄𝘂𝗿𝗱𝗲 𝗮𝗺 𝗠𝗼𝗻𝘁𝗮𝗴 𝗳𝘂𝗲𝗿 𝗱𝗲𝗻 𝗩𝗲𝗿𝗸𝗲𝗵𝗿 𝗳𝗿𝗲𝗶𝗴𝗲𝗴𝗲𝗯𝗲𝗻",
        "Die neue Bundes\u00adstraßen\u00adbrücke wurde am Mon\u00adtag frei\u00adgegeben",
    ],
)
def test_how_words_are_set_does_not_count(text: str) -> None:
    """Capitals around an ß, spaces that do not break, marks that nobody sees, letters from a sign generator."""
    found = detect(text)
    assert found.language == "de"
    assert found.confidence > 0.9


@pytest.mark.parametrize("text", ["नमस्ते", "Добры дзень", "გამარჯობა", "বাংলা"])
def test_a_word_without_latin_letters_is_not_german(text: str) -> None:
    """However likely German and English are, they are not written so."""
    assert detect(text).language not in {"de", "en", "fr", "und"}


def test_scripts_side_by_side_have_an_answer() -> None:
    """Three that outweigh each other still give a language, with little confidence."""
    found = detect("日本Ωωωωωabcde")
    assert found.language == "zh"
    assert found.confidence < 0.5
