"""Numbers, dates and times of five languages, in any direction; and digits of all the others."""

from __future__ import annotations

from datetime import date, time
from itertools import permutations

import pytest
from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.stages.checks import check, flagged
from summarizer.text.facts import facts, missing

LANGUAGES = ("de", "en", "fr", "es", "it")
PAIRS = tuple(permutations(LANGUAGES, 2))
# What is written, and what is read; several facts are parted by a semicolon, "-" is none that is asked for.
READ = {
    "de": """
        eineinhalb Stunden = 1.5 | dreiviertel der Fläche = 0.75 | zwei Dutzend = 24 | dreieinhalb Millionen = 3500000
        12,5 Mio. € = 12500000 EUR | 2,3 Mrd. Dollar = 2300000000 USD | 10–15 Grad = 10:15 | Ende der 90er = 90s
        1990er Jahre = 1990s | 20. Jahrhundert = 20 | halb acht = 07:30 | 12.03.2024 = 2024-03-12 | um 17 Uhr = 17:00
        zweitausendvierundzwanzig = 2024 | das Anderthalbfache = 1.5 | zwei Billionen Euro = 2000000000000 EUR
        XX. Jahrhundert = 20 | 250 Tausend = 250000 | 1.234,56 Euro = 1234.56 EUR | Viertel nach acht = 08:15
    """,
    "en": """
        €12.5m = 12500000 EUR | one and a half hours = 1.5 | three and a half million = 3500000 | the nineties = 90s
        the 20th century = 20 | 10–15 degrees = 10:15 | two dozen = 24 | 5 p.m. = 17:00 | $1.2 trillion = 1200000000000 USD
        £3 billion = 3000000000 GBP | a quarter of a million = 250000 | half past seven = 07:30 | 1.5 times = 1.5
        an hour and a half = 1.5 | 12 March 2024 = 2024-03-12 | 1,234.56 euros = 1234.56 EUR | a quarter to eight = 07:45
    """,
    "fr": """
        quatre-vingt-dix-sept personnes = 97 | quatre-vingts ans = 80 | soixante et onze = 71 | soixante-dix-huit = 78
        vingt et un jours = 21 | vingt-trois enfants = 23 | quatre-vingt-onze = 91 | deux cent cinquante mille = 250000
        mille deux cents = 1200 | deux mille vingt-quatre = 2024 | 12,5 millions d'euros = 12500000 EUR | dix-neuf = 19
        3,2 milliards de dollars = 3200000000 USD | deux billions d’euros = 2000000000000 EUR | 1 250 personnes = 1250
        1.250 personnes = 1250 | 12,5 % = 12.5 % | 12,5 pour cent = 12.5 % | un demi-million = 500000 | un tiers = 1/3
        deux heures et demie = 2.5 | les deux tiers = 2/3 | trois quarts = 0.75 | une douzaine = 12 | deux douzaines = 24
        le 12 mars 2024 = 2024-03-12 | le 1er mai = 05-01 | lundi 3 juin = weekday 1; 06-03 | à 17h30 = 17:30 | 17 h = 17:00
        à 17 heures = 17:00 | 17 h 30 = 17:30 | cinq heures du soir = 17:00 | dans les années 1990 = 1990s
        les années 90 = 90s | au XXe siècle = 20 | de 10 à 15 degrés = 10; 15 | 100 000 euros = 100000 EUR | midi = -
        5 Mds€ = 5000000000 EUR | 10 M€ = 10000000 EUR | 3-1 = 3:1 | un million et demi = 1500000 | sept fois = 7
        deux millions et demi = 2500000 | des centaines de milliers = 100000s | onze mille = 11000 | le 3/4/2024 = 2024-04-03
    """,
    "es": """
        treinta y cinco personas = 35 | ciento veinte = 120 | doscientas mil personas = 200000 | mil doscientos = 1200
        dos mil veinticuatro = 2024 | veintitrés niños = 23 | treinta y un días = 31 | 12,5 millones de euros = 12500000 EUR
        dos mil millones de euros = 2000000000 EUR | 3.200 millones de dólares = 3200000000 USD | mil millones = 1000000000
        un billón de euros = 1000000000000 EUR | 1.250 personas = 1250 | 12,5 % = 12.5 % | 12,5 por ciento = 12.5 %
        medio millón = 500000 | dos horas y media = 2.5 | dos tercios = 2/3 | tres cuartos = 0.75 | una docena = 12
        el 12 de marzo de 2024 = 2024-03-12 | el 1 de mayo = 05-01 | el lunes = weekday 1 | a las 17:30 horas = 17:30
        a las 17.30 horas = 17:30 | a las 5 de la tarde = 17:00 | las cinco de la mañana = 05:00 | años noventa = 90s
        en los años 90 = 90s | siglo XX = 20 | de 10 a 15 grados = 10; 15 | 100.000 euros = 100000 EUR | novecientas = 900
        cuatrocientos cincuenta = 450 | un millón y medio = 1500000 | millón y medio de personas = 1500000 | 3-1 = 3:1
        cien mil = 100000 | trescientas mujeres = 300 | dieciséis = 16 | quinientos mil = 500000 | siete veces = 7
        noventa y nueve = 99 | cientos de miles = 100000s | ochocientos = 800 | el 3/4/2024 = 2024-04-03
    """,
    "it": """
        trentacinque persone = 35 | ventitré bambini = 23 | ventuno = 21 | centoventi = 120 | duecentomila = 200000
        milleduecento = 1200 | duemilaventiquattro = 2024 | 12,5 milioni di euro = 12500000 EUR | trecento donne = 300
        2 miliardi di dollari = 2000000000 USD | due bilioni = 2000000000000 | 1.250 persone = 1250 | 12,5% = 12.5 %
        12,5 per cento = 12.5 % | mezzo milione = 500000 | due ore e mezza = 2.5 | un’ora e mezza = 1.5 | due terzi = 2/3
        tre quarti = 0.75 | una dozzina = 12 | il 12 marzo 2024 = 2024-03-12 | il 1º maggio = 05-01 | lunedì = weekday 1
        alle 17.30 = 17:30 | alle ore 17 = 17:00 | alle 5 del pomeriggio = 17:00 | le cinque di sera = 17:00 | mille = 1000
        negli anni '90 = 90s | anni Novanta = 90s | XX secolo = 20 | nell'Ottocento = - | da 10 a 15 gradi = 10; 15
        100mila euro = 100000 EUR | un milione e mezzo = 1500000 | ottantotto = 88 | diciannove = 19 | tremila = 3000
        3-1 = 3:1 | sei milioni = 6000000 | lei è = - | secondo il ministro = - | centomila = 100000 | ottocento = 800
        novantanove = 99 | seimila = 6000 | milleuno = 1001 | il 3/4/2024 = 2024-04-03 | centinaia di migliaia = 100000s
    """,
    "zh": "3月12日 = 03-12 | 2024年3月12日 = 2024-03-12 | 1200万人 = 12000000 | 17时30分 = 17:30 | 1,250人 = 1250 | 三百人 = -",
    "ja": "2024年3月12日 = 2024-03-12 | 17時 = 17:00 | 3億円 = 300000000 | 5月 = month 5",
    "ar": "١٬٢٥٠ شخصًا = 1250 | ٣٫٥ = 3.5 | ١٢ مارس = 03-12",
    "ru": "5 миллионов = 5000000 | 12 марта 2024 = 2024-03-12 | 1 250 = 1250",
    "pl": "5 milionów = 5000000 | 12 marca = 03-12 | dwanaście = -",
}  # fmt: skip
ROWS = [
    (language, *map(str.strip, item.split("=")))
    for language, table in READ.items()
    for item in table.replace("\n", "|").split("|")
    if item.strip()
]


@pytest.mark.parametrize(("language", "text", "expected"), ROWS)
def test_figures_are_read_by_the_rules_of_their_language(language: str, text: str, expected: str) -> None:
    """Words, marks, scales, halves, hours, decades, centuries: one value in every language."""
    found = [fact.value for fact in facts(text, language) if fact.kind in ("number", "date") and fact.confidence]
    assert found == [value.strip() for value in expected.split(";") if value.strip() != "-"]


SAME = """
    de | fr | Das kostet 12,5 Mio. Euro. | Cela coûte 12,5 millions d'euros.
    de | es | Der Umsatz stieg um 3,2 Milliarden Euro. | La facturación aumentó en 3.200 millones de euros.
    de | es | Die Schulden betragen zwei Billionen Euro. | La deuda asciende a dos billones de euros.
    de | it | Die Schulden betragen zwei Billionen Euro. | Il debito ammonta a due bilioni di euro.
    en | fr | The debt is 2 trillion euros. | La dette est de 2 billions d'euros.
    en | es | It cost 3 billion dollars. | Costó 3.000 millones de dólares.
    en | it | It cost 3 billion dollars. | È costato 3 miliardi di dollari.
    de | es | Um 17 Uhr begann das Spiel. | El partido empezó a las cinco de la tarde.
    de | it | Um 17 Uhr begann das Spiel. | La partita è iniziata alle 17.
    de | it | Um halb acht kam er. | È arrivato alle sette e mezza.
    de | es | Um halb acht kam er. | Llegó a las siete y media.
    de | fr | Um halb acht kam er. | Il est arrivé à sept heures et demie.
    de | fr | Zwei Stunden später kam er. | Deux heures plus tard, il est arrivé.
    de | fr | In den 1990er-Jahren lebten dort 97 Menschen. | Dans les années 1990, quatre-vingt-dix-sept personnes y vivaient.
    de | it | In den Neunzigern war er jung. | Negli anni Novanta era giovane.
    de | it | Anderthalb Stunden später kam er. | Un'ora e mezza dopo è arrivato.
    fr | es | Quatre-vingts pour cent des 45 000 habitants ont voté. | El ochenta por ciento de los 45.000 habitantes votó.
    fr | it | Le 1er mai, 200 000 personnes ont manifesté. | Il 1º maggio hanno manifestato duecentomila persone.
    es | it | El siglo XX empezó mal. | Il XX secolo è iniziato male.
    de | fr | Im 20. Jahrhundert war das anders. | Au XXe siècle, c'était différent.
    de | it | Im 19. Jahrhundert war das anders. | Nell'Ottocento era diverso.
    de | es | Bayern gewann 3:1. | El Bayern ganó 3-1.
    de | en | Das Dorf liegt 100 Kilometer entfernt. | The village is 62 miles away.
    de | en | Es waren 30 Grad. | It was 86 degrees Fahrenheit.
    de | fr | Dreiviertel der Wähler stimmten zu. | Les trois quarts des électeurs ont approuvé.
    de | zh | Am 12. März kamen 1.250 Menschen, 12 Millionen sahen zu. | 3月12日,1250人来了,1200万人观看。
    de | zh | Am Fest nahmen dreihundert Menschen teil. | 三百人参加了节日。
    de | ar | Am 12. März kamen 1.250 Menschen. | في ١٢ مارس جاء ١٬٢٥٠ شخصًا.
    de | pl | Am 12. März kamen 1.250 Menschen, zwölf gingen. | 12 marca przyszło 1250 osób, dwanaście odeszło.
    de | ru | Am 12. März sahen 5 Millionen zu. | 12 марта смотрели 5 миллионов.
"""
OTHER = """
    de | fr | Am 12. März kamen 1.250 Menschen. | Le 12 mars, 1 520 personnes sont venues.
    de | fr | Am 12. März kamen 1.250 Menschen. | Le 13 mars, 1 250 personnes sont venues.
    de | es | Die Schulden betragen zwei Milliarden Euro. | La deuda asciende a dos billones de euros.
    de | it | Die Schulden betragen zwei Billionen Euro. | Il debito ammonta a due miliardi di euro.
    en | fr | The debt is 2 billion euros. | La dette est de 2 billions d'euros.
    en | es | It cost 3 billion dollars. | Costó 3 billones de dólares.
    de | it | Um halb acht kam er. | È arrivato alle otto e mezza.
    de | fr | Dort lebten 97 Menschen. | Quatre-vingt-sept personnes y vivaient.
    de | en | Das Dorf liegt 100 Kilometer entfernt. | The village is 100 miles away, 75 by train.
    de | en | Das Dorf liegt 100 Kilometer entfernt. | The village is 75 miles away.
    de | zh | Es kamen 1.250 Menschen. | 有1520人来了。
    de | ar | Es kamen 1.250 Menschen. | جاء ١٬٥٢٠ شخصًا.
    de | pl | Es kamen 1.250 Menschen. | Przyszło 1520 osób.
"""


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in row.split("|")] for row in table.strip().splitlines()]


def wrong(source: str, target: str, text: str, translation: str) -> list[str]:
    """The kinds of flagged figures."""
    found = flagged(check(text, translation, source_language=source, language=target))
    return [finding.kind for finding in found if finding.kind in ("number", "date")]


@pytest.mark.parametrize(("source", "target", "text", "translation"), rows(SAME))
def test_the_same_figure_in_another_language_is_no_finding(
    source: str, target: str, text: str, translation: str
) -> None:
    """In both directions; a script or numeral that is not read is never an error."""
    assert wrong(source, target, text, translation) == []
    assert wrong(target, source, translation, text) == []


@pytest.mark.parametrize(("source", "target", "text", "translation"), rows(OTHER))
def test_another_figure_in_another_language_is_found(source: str, target: str, text: str, translation: str) -> None:
    """Changed digits, false friends among the scales, another hour."""
    assert wrong(source, target, text, translation)
    assert wrong(target, source, translation, text)


def gaps(pair: tuple[str, str], texts: tuple[str, str]) -> int:
    one, two = (facts(text, language) for text, language in zip(texts, pair, strict=True))
    return len(missing(one, two)) + len(missing(two, one))


NUMBERS = st.integers(0, 10**10) | st.integers(0, 10**6).map(lambda number: number / 100)


@settings(max_examples=150, deadline=None)
@given(NUMBERS, NUMBERS, st.sampled_from(PAIRS))
def test_numbers_as_each_language_writes_them(number: float, other: float, pair: tuple[str, str]) -> None:
    """CLDR's notation of a number is the same number in every pair of languages, and another is another."""
    written = [f"x {format_decimal(number, locale=language)} y" for language in pair]
    assert gaps(pair, (written[0], written[1])) == 0
    if number != other:
        assert gaps(pair, (written[0], f"x {format_decimal(other, locale=pair[1])} y"))


@settings(max_examples=150, deadline=None)
@given(st.dates(date(1801, 1, 1), date(2099, 12, 31)), st.sampled_from(PAIRS), st.sampled_from(("full", "long")))
def test_days_as_each_language_writes_them(day: date, pair: tuple[str, str], style: str) -> None:
    """CLDR's long dates, weekday and all, agree in every pair of languages; the day before does not."""
    written = [format_date(day, style, locale=language) for language in pair]
    assert gaps(pair, (written[0], written[1])) == 0
    before = date.fromordinal(day.toordinal() - 1)
    assert gaps(pair, (written[0], format_date(before, style, locale=pair[1])))


@settings(max_examples=100, deadline=None)
@given(st.times(), st.sampled_from(PAIRS))
def test_times_as_each_language_writes_them(moment: time, pair: tuple[str, str]) -> None:
    """17:05 is 5:05 PM."""
    written = [f"x {format_time(moment, 'short', locale=language)} y" for language in pair]
    assert gaps(pair, (written[0], written[1])) == 0
