"""What stands around an article and is none of it: phrases and patterns by kind, as tables.

``WHOLE`` lines are junk when nothing else stands on them. ``START`` lines are junk when they open so and stay short.
``ANYWHERE`` is for sentences that only a web site says about itself. All are compared case-folded, in German first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping


def words(table: str) -> frozenset[str]:
    """A word list, written as one reads it."""
    return frozenset(table.split())


WHOLE: Mapping[str, str] = {
    "advert": """
        anzeige|anzeigen|werbung|advertisement|advertorial|sponsored|gesponsert|ad|publicité|publicidad|pubblicità
        werbeanzeige|sponsored content|sponsored post|anzeige: nach unten scrollen|nach der werbung weiterlesen
        hier geht es nach der anzeige weiter|story continues below advertisement|article continues below""",
    "share": """
        teilen|artikel teilen|beitrag teilen|diesen artikel teilen|diesen beitrag teilen|teile dies mit|teilen mit
        teilen sie dies mit|teilen sie den artikel|seite teilen|auf facebook teilen|auf twitter teilen|auf x teilen
        per e-mail teilen|per mail teilen|per whatsapp teilen|auf whatsapp teilen|share|share this|share this article
        share on facebook|share on twitter|share on x|tweet|tweeten|twittern|facebook|twitter|whatsapp|pinterest|linkedin|xing
        instagram|youtube|telegram|tumblr|reddit|pocket|flipboard|threema|tiktok|mastodon|bluesky|email|e-mail|mail|per mail
        drucken|artikel drucken|seite drucken|druckversion|print|link kopieren|copy link|merken|auf merkliste|artikel merken
        gefällt mir|gefällt mir lade|liken lade|empfehlen|weiterempfehlen|folgen|folgen sie uns|folge uns|folgen sie uns auf
        folge uns auf|follow us|vorlesen|artikel anhören|anhören|partager|compartir|condividi|artikel versenden|x.com
        be sociable, share|diese geschichte teilen|mit anderen teilen|geschichte teilen|nachricht teilen|zum teilen klicken
        x|schriftgröße|kopiere den link|link wurde kopiert|feedback|kommentieren|sharen mit|auf linkedin teilen""",
    "newsletter": """
        newsletter|newsletter abonnieren|unser newsletter|zum newsletter|newsletter bestellen|jetzt newsletter abonnieren
        newsletter anmeldung|newsletter-anmeldung|jetzt abonnieren|subscribe|subscribe now|sign up|abonnieren|jetzt anmelden
        push-nachrichten aktivieren|abonnez-vous|s'abonner|suscríbete|iscriviti|rss|rss-feed|rss feed|feed""",
    "related": """
        lesen sie auch|lesen sie hierzu auch|lesen sie dazu auch|lesen sie mehr|lies auch|auch lesen|auch interessant
        das könnte sie auch interessieren|das könnte dich auch interessieren|das könnte sie interessieren|das interessiert sie
        das könnte ihnen auch gefallen|das könnte dir auch gefallen|könnte dich auch interessieren|könnte sie auch interessieren
        mehr zum thema|mehr zu diesem thema|mehr dazu|mehr lesen|mehr lesen über|mehr von|mehr aus|mehr artikel|mehr artikel laden
        weitere artikel|weitere beiträge|weitere meldungen|weitere nachrichten|weitere themen|weitere infos|weiterlesen
        ähnliche artikel|ähnliche beiträge|ähnliche themen|verwandte artikel|verwandte beiträge|verwandte themen|verwandte links
        weiterführende links|weiterführender link|weiterführende informationen|passend dazu|passend zum thema|siehe auch
        aus dem ressort|aus unserem archiv|meistgelesen|meist gelesen|meistgelesene artikel|am meisten gelesen|meistkommentiert
        beliebte artikel|beliebte beiträge|beliebte themen|neueste artikel|neueste beiträge|neueste meldungen|aktuelle meldungen
        aktuelle beiträge|aktuelle artikel|aktuelle news|aktuelle nachrichten|letzte beiträge|letzte artikel|die neuesten meldungen
        top-themen|topthemen|themen|themen des artikels|schlagworte|schlagwörter|stichworte|tags|tag|zum thema|schon gelesen
        related|related articles|related posts|related stories|read more|read also|read next|more on this|more on this story
        more from|you may also like|you might also like|recommended|recommended for you|see also|most read|most popular|popular posts
        recent posts|latest news|à lire aussi|lire aussi|sur le même sujet|articles similaires|lea también|leer más|te puede interesar
        leggi anche|potrebbe interessarti|articoli correlati|leseempfehlung|leseempfehlungen|unsere empfehlungen|empfehlungen
        empfohlene artikel|empfohlener artikel|mehr aus dem web|mehr news|nächster artikel|vorheriger artikel|nächster beitrag
        vorheriger beitrag|interessante artikel|lust auf mehr|mehr inspiration|auch interessant für sie|weitere links
        lesen sie jetzt|hier weiterlesen|jetzt lesen|heute empfehlen wir|mehr zu|links zum thema|externe links
        themenrelevante nachrichten|meldungen aus der politik|produktempfehlung|produktempfehlungen|schlagworte zum thema
        zusatzinformationen|beiträge zum thema|wissenswertes|dossier|erfahre mehr|erfahren sie mehr|mehr erfahren|learn more
        next post|previous post|nächster post|vorheriger post|meldungen|meist gesucht|andere artikel|vorschau auf den nächsten artikel
        dans la même rubrique|article suivant|article précédent|downloads|pressekontakt|ansprechpartner|ansprechpartnerin
        mehr videos|weitere videos|alles zum thema|themen in diesem artikel|themen folgen|meist gelesene beiträge|related content""",
    "comments": """
        kommentare|kommentar|kommentar schreiben|kommentar verfassen|kommentare lesen|kommentare anzeigen|alle kommentare
        schreibe einen kommentar|schreiben sie einen kommentar|schreib einen kommentar|hinterlasse einen kommentar
        einen kommentar schreiben|kommentar hinzufügen|kommentar hinterlassen|kommentar abschicken|neuer kommentar|antworten
        antwort hinterlassen|eine antwort hinterlassen|hinterlasse eine antwort|antwort abbrechen|antworten abbrechen
        schreibe einen kommentar antworten abbrechen|kommentar verfassen antwort abbrechen|keine kommentare|noch keine kommentare
        bisher keine kommentare|derzeit noch keine kommentare|kommentare geschlossen|diskutieren sie mit|mitdiskutieren|diskussion
        zur diskussion|forum|comments|comment|leave a comment|leave a reply|post a comment|cancel reply|reply|no comments
        join the conversation|commentaires|laisser un commentaire|comentarios|commenti|ihr kommentar|ihre meinung|leserkommentare
        neueste kommentare|diskutieren|artikel kommentieren|ihr kommentar zum thema|kommentare geschlossen|name *|e-mail *
        name|website|kommentar *|e-mail-adresse *|this article has comments|ihre meinung zu diesem thema|artikel bewerten
        recent comments|leserbrief schreiben|gib hier deinen kommentar ein|wie bewerten sie diesen artikel""",
    "cookie": """
        was sind cookies|cookies|cookie-einstellungen|cookies akzeptieren|alle akzeptieren|alle cookies akzeptieren|akzeptieren|zustimmen
        einwilligen|ablehnen|alle ablehnen|accept|accept all|accept cookies|datenschutzeinstellungen|privacy settings
        cookie settings|tout accepter|aceptar|accetta|einwilligung verwalten|einverstanden|privatsphäre-einstellungen""",
    "navigation": """
        startseite|home|menü|menu|navigation|suche|suchen|search|anmelden|login|log in|logout|registrieren|abmelden|einloggen
        zum inhalt springen|zum inhalt|zur navigation|zur hauptnavigation|direkt zum inhalt|skip to content|nach oben|zurück
        zurück nach oben|zum seitenanfang|seitenanfang|back to top|weiter|vor|mehr|mehr anzeigen|alle anzeigen|alle|schließen
        close|zurück zur startseite|zurück zur übersicht|zur startseite|zur übersicht|übersicht|inhalt|zum artikel|zur galerie
        bild in lightbox öffnen|bildergalerie|fotostrecke|bilderstrecke|vollbild|öffnen|e-paper|epaper|abo|abonnement|shop|abo-shop
        log in / registrieren|anmelden / registrieren|ausgabe kaufen|gefördert durch|unterstützt von|unterstütze uns|spenden|jetzt spenden
        mein konto|profil|merkliste|warenkorb|sitemap|hilfe|faq|ressorts|rubriken|kategorien|kategorie|archiv|archives|archive
        politik|wirtschaft|sport|kultur|wissen|wissenschaft|panorama|reise|digital|gesundheit|lokales|regional|meinung|netzwelt
        mobilität|deutschland|ausland|inland|international|news|aktuell|aktuelles|termine|podcast|podcasts|videos|video|wetter
        audio|über uns|über mich|about|about us|kontakt|contact|karriere|jobs|seiten|meta|blogroll|follow|previous|next
        play|pause|abspielen|video abspielen|audio abspielen|laden|wird geladen|bitte warten|toggle navigation|toggle menu
        zurück zum newsroom|zu allen beiträgen|service|allgemein|uncategorized|vorheriges|nächstes|english|français|deutsch
        detailansicht öffnen|inhaltsverzeichnis|inhaltsverzeichnis anzeigen|bild vergrößern|merken|beitragsnavigation
        artikel-navigation|search for|suche nach|suchen nach|volltext-suche|zurück zum artikel""",
    "footer": """
        impressum|datenschutz|datenschutzerklärung|agb|nutzungsbedingungen|privacy policy|terms of use|terms|privacy|imprint
        alle rechte vorbehalten|all rights reserved|tous droits réservés|todos los derechos reservados|barrierefreiheit
        mediadaten|media|widerruf|widerrufsrecht|cookie-richtlinie|nutzungsbasierte onlinewerbung|kontakt/impressum|rechtliches
        impressum & datenschutz|impressum und datenschutz|kontakt & impressum|mentions légales|aviso legal|jugendschutz
        verträge kündigen|vertrag kündigen|verträge hier kündigen|abo kündigen|partner|presse|legal notice|haftungsausschluss
        allgemeine geschäftsbedingungen|disclaimer|kundenservice|leserservice|redaktion|anzeige aufgeben|datenschutzhinweise""",
    "paywall": """
        plus|premium|nur für abonnenten|für abonnenten|exklusiv für abonnenten|jetzt weiterlesen|weiterlesen mit plus
        artikel freischalten|jetzt testen|jetzt kostenlos testen|sie haben bereits ein abo|jetzt registrieren|kostenlos testen
        bereits abonnent|already a subscriber|subscribers only|réservé aux abonnés|solo para suscriptores|plus-artikel""",
    "caption": "symbolbild|archivbild|symbolfoto|archivfoto",
}

# What a line may open with; the number is the most words such a line has.
START: tuple[tuple[str, int, str], ...] = (
    ("related", 22, "lesen sie auch:|lesen sie auch |lesen sie hierzu|lesen sie dazu|lies auch|lesen sie mehr|lesen sie hier"),
    ("related", 22, "mehr zum thema|mehr zu diesem|auch interessant:|auch lesenswert|das könnte sie auch|das könnte dich auch"),
    ("related", 16, "siehe auch:|lesetipp:|lesen sie zum thema|lesen sie jetzt|weiterlesen:|lesetipps|lese-tipp|zum thema:|mehr dazu:"),
    ("related", 16, "read more:|read more about|read also:|related:|see also:|more on |à lire aussi|lire aussi|lea también|leggi anche"),
    ("related", 14, "schlagworte:|schlagwörter:|stichworte:|tags:|themen:|thema:|getaggt mit|tagged with|kategorie:|kategorien:|filed under"),
    ("related", 12, "ähnliche artikel|ähnliche beiträge|weitere artikel|weitere beiträge|mehr von |mehr über |mehr artikel|weitere themen"),
    ("related", 12, "beliebte beiträge|neueste beiträge|verwandte artikel|mehr aus |weitere meldungen|weitere informationen zu"),
    ("related", 12, "mehr lesen|more from|next article|previous article|zurück zu|zu allen |alle artikel|alle beiträge|originalpublikation"),
    ("share", 14, "teilen sie |teile diesen|diesen artikel teilen|artikel teilen|beitrag teilen|share this|share on|auf facebook teilen"),
    ("share", 14, "folgen sie uns|folge uns|follow us|folgen sie |besuchen sie uns auf|like uns|empfiehl dies|den artikel mit anderen"),
    ("share", 14, "sei der erste dem|gefällt mir|gefällt ihnen dieser|dieser artikel gefällt|hat ihnen dieser artikel|hat dir der artikel"),
    ("share", 14, "klick, um |klicken, um |zum teilen|auf twitter|per e-mail|jetzt teilen|auf whatsapp|tweet this|via email|ist dieser beitrag"),
    ("share", 14, "google nachrichten|bei google news|auf google news|folgen auf|partager sur|partager cet"),
    ("newsletter", 30, "newsletter|unser newsletter|jetzt newsletter|abonnieren sie|abonniere unseren|abonniere den|melden sie sich für"),
    ("newsletter", 30, "blog via e-mail|follow blog via|sign up for|subscribe to|immer informiert bleiben|bleiben sie informiert|gib deine e-mail"),
    ("newsletter", 30, "inscrivez-vous à|abonnez-vous|suscríbete|iscriviti alla|verpassen sie keine|täglich die wichtigsten|hole dir jetzt das kostenlose"),
    ("comments", 14, "schreibe einen kommentar|schreiben sie einen kommentar|kommentar schreiben|kommentar verfassen|leave a comment|pingback"),
    ("comments", 14, "diskutieren sie|diskussion zu|kommentare zu|comments on|die kommentarfunktion|kommentar von|kommentare sind|kommentare geschlossen"),
    ("comments", 24, "deine e-mail-adresse wird|ihre e-mail-adresse wird|your email address will|erforderliche felder|votre adresse e-mail"),
    ("comments", 24, "bitte loggen sie sich|sie müssen sich einloggen|nur angemeldete benutzer|du musst angemeldet sein|sie müssen angemeldet|bitte melden sie sich an"),
    ("comments", 24, "du kommentierst mit|name (|e-mail (|e-mail-adresse (|meinen namen, meine|benachrichtig|informiere mich über neue|you must be logged"),
    ("comments", 24, "gib das erste|gib hier deinen|bitte reload|please reload captcha|trackback|hier ist ihre meinung|ihre meinung ist gefragt"),
    ("comments", 14, "comment by|fanden sie diesen|ihre meinung zu|wenn sie diesen|war dieser artikel|dir hat der artikel|kommentieren sie"),
    ("related", 30, "der beitrag wurde am|dieser beitrag wurde|dieser eintrag wurde|dieser artikel erschien|dieser text wurde veröffentlicht"),
    ("newsletter", 30, "mit der anmeldung|ja, ich möchte|ich stimme der|ich willige ein|wir respektieren deine|wir respektieren ihre"),
    ("advert", 12, "anzeige:|anzeige |werbung:|advertisement|sponsored by|präsentiert von|in kooperation mit"),
    ("footer", 25, "copyright|alle rechte vorbehalten|alle inhalte|all rights reserved|impressum|datenschutz|proudly powered|powered by"),
    ("footer", 25, "designed by|theme by|theme:|design von|template|wordpress|theme based|tel.:|telefon:|fax:|e-mail:|hrsg.|herausgeber:"),
    ("navigation", 14, "startseite >|startseite ›|startseite »|startseite /|home >|home ›|home »|home /|sie sind hier|you are here|zurück zur"),
    ("navigation", 12, "seite 1 von|page 1 of|bild 1 von|foto 1 von|zum inhalt|zum hauptinhalt|skip to|direkt zu|zur suche|nach oben|zurück nach"),
    ("byline", 12, "über den autor|über die autorin|autor:|autorin:|text:|author:|redaktion:|erstellt von|veröffentlicht von|geschrieben von"),
    ("byline", 12, "ein beitrag von|ein artikel von|ein kommentar von|eine analyse von|ein gastbeitrag von|eine kolumne von|interview:|posted by"),
    ("agency", 12, "mit material von|quelle: dpa|quelle: afp|quelle: apa|mit informationen von|mit agenturmaterial|source: ap|source: reuters"),
    ("timestamp", 14, "stand:|aktualisiert:|aktualisiert am|zuletzt aktualisiert|veröffentlicht am|veröffentlicht:|erstellt am|erschienen am"),
    ("timestamp", 14, "lesezeit|lesedauer|geschätzte lesezeit|published|updated|last updated|erstveröffentlichung|publié le|mis à jour|publicado el"),
    ("timestamp", 14, "pubblicato il|posted on|eingestellt von|publiziert:|publiziert am|datum:|erstellt:|veröffentlicht:|letzte aktualisierung|letzte änderung|temps de lecture|reading time"),
    ("paywall", 20, "sie möchten weiterlesen|weiterlesen mit|lesen sie weiter mit|jetzt registrieren und|mit dem abo|dieser artikel ist nur für"),
    ("paywall", 20, "dieser inhalt ist exklusiv|um weiterzulesen|testen sie jetzt|testen sie uns|bereits registriert|noch kein abo?|cet article est réservé"),
    ("post", 20, "sieh dir diesen beitrag auf|diesen beitrag auf instagram|ein beitrag geteilt von|view this post on|a post shared by|an dieser stelle finden sie"),
    ("post", 30, "empfohlener externer inhalt|externer inhalt|hier sehen sie externe|an dieser stelle befindet sich ein|dieses video wird über youtube"),
    ("post", 30, "ich bin damit einverstanden, dass mir externe|wir benötigen ihre zustimmung|dieser inhalt wird von|mit dem laden des"),
    ("credit", 14, "foto:|fotos:|bild:|bilder:|photo:|photos:|rubriklistenbild|titelbild:|beitragsbild:|bildquelle|quelle:|bildnachweis|grafik:"),
    ("credit", 14, "illustration:|video:|symbolbild:|archivbild:|archivfoto:|symbolfoto:|fotocredit|foto ©|bild ©|foto (c)|image:|credit:|crédit"),
    ("credit", 14, "picture alliance|imago|getty images|photograph:|fotografie:|screenshot:|foto/|© picture|dpa-bildfunk|copyright:"),
)  # fmt: skip

# Sentences in which a site speaks of itself. Each was seen on pages and on no article of the prose sets.
ANYWHERE: Mapping[str, str] = {
    "cookie": r"\b(?:diese|unsere|dieser|unserer)\s+(?:web)?(?:site|seite|angebot)\b.{0,80}\bcookies?\b|\bcookies?\b.{0,120}\b(?:zu(?:stimm|r verbesserung)"
    r"|einwillig|einverstanden|akzeptier|bereitstellung|browser|web(?:site|seite))|\bwe use cookies\b|\bthis (?:web)?site uses cookies\b"
    r"|utilis\w+ (?:des |les )?cookies|utiliza\w* cookies",
    "newsletter": r"\b(?:melden|tragen) sie sich .{0,60}newsletter|newsletter\b.{0,60}\b(?:abonnier|anmeld|bestell|erhalten sie)|subscribe to our"
    r"|\b(?:unser|kostenlose[nr]?)\w*\s+newsletter\b",
    "comments": r"akismet|\bcaptcha\b|e-mail[- ]adresse wird nicht veröffentlicht|email address will not be published"
    r"|\bkommentare? (?:ist|sind|wurde) (?:geschlossen|deaktiviert)|um (?:zu )?kommentieren|zu kommentieren\b.{0,40}(?:anmelden|einloggen)",
    "footer": r"alle rechte vorbehalten|all rights reserved|©\s*(?:copyright\s*)?(?:19|20)\d\d\b|(?:19|20)\d\d\s*©|unter (?:einer )?creative[- ]commons"
    r"|proudly powered|powered by wordpress|inhaltlich verantwortlich|haftung für (?:die )?inhalte|inhalte externer links",
    "advert": r"für (?:mit \*|links auf dieser seite|käufe über)|affiliate-?links?\b|erhält \w+ (?:ggf\. |evtl\. )?eine provision|provisions?-links?",
    "share": r"dieser (?:artikel|beitrag) gefallen|(?:artikel|beitrag) mit (?:anderen|freunden|deinen)|folge[nt]? (?:sie |du )?uns (?:auf|bei)"
    r"|\bbloggern? gefällt|follow us on",
    "paywall": r"unterstützen sie (?:unsere (?:arbeit|redaktion)|diese form)|ihr beitrag hilft, unsere|jetzt (?:ein )?abo (?:abschließen|testen|bestellen)",
}

# Of the openings above, those that stay junk in a whole sentence: there the site speaks of itself to its reader.
OF_THE_SITE = re.compile(
    r"\buns\b|e-mail|adresse|kommentar|beitrag|artikel|eintrag|\btext\b|einloggen|angemeldet|melden|inhalt|video wird|externe|einverstanden"
    r"|weiterlesen|testen sie|newsletter|blog|informiert|meinen namen|kommentierst|respektieren|zustimmung|dieser stelle|rechte|rights"
    r"|email|logged|on (?:instagram|twitter)|post shared|wichtigsten|kostenlose|verpassen|willige|felder|captcha|lesezeit|temps|subscribe|google"
)

TAIL = frozenset({"related", "comments", "newsletter", "share", "footer"})  # after these the article does not go on
FURNITURE = TAIL | {"navigation", "cookie", "paywall"}  # kinds that show that a whole page was pasted

AGENCIES = "dpa|dpa-afx|dpa/lno|lno|dpa-infocom|tmn|afp|apa|ap|rtr|reuters|epd|kna|sid|dapd|ddp|ag|sda|keystone-sda|ansa|efe|tass|upi|cnn|dts|ots|awp|red|pm"
PLACES = words(
    """berlin hamburg münchen köln frankfurt stuttgart düsseldorf leipzig dortmund essen bremen dresden
    hannover nürnberg duisburg bochum wuppertal bielefeld bonn münster mannheim karlsruhe augsburg wiesbaden
    kiel lübeck erfurt rostock mainz kassel halle magdeburg potsdam saarbrücken schwerin freiburg wien graz
    linz salzburg innsbruck klagenfurt bern zürich genf basel luzern brüssel paris london rom madrid
    lissabon warschau prag budapest athen istanbul ankara moskau kiew kyjiw washington peking tokio delhi
    jerusalem gaza kairo teheran bagdad damaskus beirut genf straßburg den-haag amsterdam kopenhagen
    stockholm oslo helsinki dublin brussels rome moscow kyiv beijing tokyo vienna geneva berne"""
)
# Words that open a paragraph before a dash without being a place.
NO_PLACE = words(
    """fazit hintergrund update kommentar analyse interview exklusiv eilmeldung hinweis tipp ergebnis frage
    antwort beispiel problem ziel folge grund motto thema titel info ja nein und aber doch denn also nun
    dann heute gestern morgen er sie es wir ich das der die ein eine"""
)
MONTH = (
    "jan(?:uar|uary|vier|\\.)?|jänner|feb(?:ruar|ruary|\\.)?|februar|février|mär(?:z|\\.)|mar(?:ch|s|zo|\\.)?|apr(?:il|\\.)?|avril|abril|aprile|mai|may|mayo|maggio"
    "|jun(?:i|e|io|\\.)?|juin|jul(?:i|y|io|\\.)?|juillet|aug(?:ust|\\.)?|août|agosto|sep(?:t|tember|tembre|\\.)?|septiembre|o[kc]t(?:ober|obre|\\.)?|nov(?:ember|embre|\\.)?"
    "|de[zc](?:ember|embre|\\.)?|diciembre|dicembre|gennaio|febbraio|giugno|luglio|settembre|ottobre|enero|febrero|junio|julio"
)
DATE = rf"(?:\d{{1,2}}\.\s?\d{{1,2}}\.\s?(?:\d{{4}}|\d{{2}})?|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}/\d{{1,2}}/\d{{2,4}}|\d{{1,2}}\.?\s(?:de\s)?(?:{MONTH})\s?(?:de\s)?(?:\d{{4}})?|(?:{MONTH})\s\d{{1,2}},?\s\d{{4}})"
CLOCK = r"(?:\d{1,2}[:.]\d{2}(?::\d{2})?\s?(?:uhr|h|am|pm|a\.m\.|p\.m\.)?|\d{1,2}\s?uhr)"
# What stands beside the date in the line below a headline.
_BESIDE = rf"(?:(?:{AGENCIES})(?:/[\w-]{{2,8}})?|quelle:.{{2,40}}|\d{{1,5}}\s(?:kommentare?|comments?)|(?:lesezeit|lesedauer|aktualisiert|stand|update|von|text:|foto:)\s?[^.!?]{{0,50}}|\d{{1,2}}\s?min\.?(?:\s\w+)?|{CLOCK}|{DATE})"
_COUNTED = r"[\d.,]{1,9}\s(?:tsd\.\s|k\s)?(?:reposts?|retweets?|likes?|zitate|quotes?|shares?|kommentare?|antworten|replies|views|aufrufe|lesezeichen|bookmarks)"
_WEEKDAY = "(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|mo|di|mi|do|fr|sa|so|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"

# Patterns for a whole line; the first that fits names the kind.
SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("timestamp", r"(?:geschätzte\s)?(?:lesezeit|lesedauer|reading time)\b.{0,25}"),
        ("timestamp", rf"\+{{2,3}}\s?{CLOCK}\s?\+{{2,3}}"),
        ("boilerplate", r"\+{2,3}\s?(?:eil|eilmeldung|breaking(?: news)?|update|(?:live|news)?-?ticker)\s?\+{2,3}"),
        ("timestamp", rf"(?:{_WEEKDAY}[.,]?\s(?:den\s)?)?{DATE}(?:\s?[,|–—•·-]?\s?(?:um\s)?{CLOCK})?(?:\s?[|•·]\s?{_BESIDE}){{1,4}}"),
        ("boilerplate", r"(?:alle\s)?(?:die\s)?(?:vor|nach)?namen?\s(?:(?:ist|sind|wurden?)\s)?(?:von der redaktion\s)?geändert\.?"),
        ("navigation", r"icon:\s?.{2,30}"),
        ("share", r"(?:(?:artikel|beitrag|text)\s)?(?:anhören|vorlesen)\s?[(|·–-]\s?\d{1,3}(?::\d\d)?\s?(?:min\.?|minuten)?\)?"),
        ("post", rf"{_COUNTED}(?:[\s,·|]+{_COUNTED}){{1,5}}|[\d.,]{{1,9}}\s(?:reposts?|retweets?)"),
        ("agency", rf"\(?mit\s(?:(?:{AGENCIES}|agentur)-?\s?(?:material|informationen|angaben)|(?:material|informationen|angaben)\s(?:von|der|des)\s(?:{AGENCIES}))\)?\.?"),
        ("agency", r"(?-i:dpa(?=.*\s(?:[a-z]*\d\w*|[bcdfghjklmnpqrstvwxz]{2,4})(?:\s|$))(?:\s[a-z0-9]{2,5}){2,6})"),
        ("agency", rf"\d{{6}}\s(?:{MONTH})\s(?:\d{{4}}|\d{{2}})"),
        ("footer", r"(?:©|\(c\)|copyright)\s?(?:by\s|copyright\s)?(?:19|20)\d\d.{0,140}"),
        ("url", r"(?:https?://|www\.)\S+"),
        ("url", r"[\w.+-]+@[\w-]+\.[\w.-]+"),
        ("comments", r"\d{1,5}\s(?:kommentare?|leserkommentare?|comments?|replies|antworten|beiträge|commentaires?|comentarios|commenti)(?:\s»)?"),
        ("comments", r"(?:kommentare?|comments?)\s?[:(\[]?\s?\d{1,5}\s?[)\]]?"),
        ("share", r"[\d.,]{1,9}\s(?:shares?|likes?|mal geteilt|teilungen|aufrufe|views)"),
        ("timestamp", (rf"(?:(?:stand|aktualisiert|veröffentlicht|erstellt|datum|published|updated|vom|am|on|le|el|il)\s?(?:am|vom)?:?\s)?(?:{_WEEKDAY}[.,]?\s(?:den\s)?)?{DATE}"
                      rf"(?:\s?[,|–—•·-]?\s?(?:um\s|at\s|à\s)?{CLOCK})?(?:\s(?:mez|mesz|cet|cest|gmt|utc|est|edt))?")),
        ("timestamp", rf"(?:{_WEEKDAY}[.,]?\s)?{CLOCK}(?:\s?[,|–—•·-]\s?{DATE})?"),
        ("timestamp", r"(?:vor|il y a)\s\d{1,2}\s(?:minuten?|stunden?|tag(?:en)?|wochen?|monat(?:en)?|heures?)|\d{1,2}\s(?:hours?|minutes?|days?)\sago"),
        ("timestamp", r"(?:ca\.\s)?\d{1,2}\s?(?:min\.?|minuten?|minutes?)(?:\s(?:lesezeit|lesedauer|read|de lecture|lesen))?"),
        ("navigation", r"(?:startseite|home|homepage|accueil|inicio)(?:\s?[>›»/|→]\s?[^>›»/|→]{1,60}){1,8}"),
        ("navigation", r"[^>›»|→]{2,30}(?:\s[>›»→]\s[^>›»→]{2,60}){2,6}"),
        ("credit", r"(?:\(?(?:foto|fotos|bild|photo|quelle|grafik|video)s?\s?(?:/\s?\w+\s?)?:|©|\(c\)\s|@\s?(?=imago|dpa|getty))\s?.{2,90}"),
        ("credit", (r"(?:(?:dpa|afp|apa|ap|epa|reuters|imago|getty(?:\simages)?|picture[\s-]alliance|shutterstock(?:\.com)?|istock(?:photo)?|pixabay|unsplash|keystone|afp photo)\b[\s/|,:-]*)"
                   r"(?:[/|,-]\s?.{0,60}|\.com|images)?")),
        ("credit", r".{2,60}[/|]\s?(?:dpa|afp|apa|ap|epa|reuters|imago|getty images|picture[\s-]alliance|shutterstock(?:\.com)?|istock(?:photo)?|pixabay|unsplash|keystone|stock\.adobe\.com|fotolia(?:\.com)?)"),
        ("agency", rf"\(?(?:mit\s)?(?:{AGENCIES})(?:\s?[/,;+]\s?[\w-]{{2,8}}){{0,4}}\)?"),
        ("byline", r"\([a-zäöü]{2,4}(?:\s?[/,]\s?[a-zäöü-]{2,8}){0,3}\)"),
        ("advert", r"[-–—\s]*(?:anzeige|werbung|advertisement)[-–—\s]*"),
        ("post", r"@\w{2,30}"),
        ("post", r"(?:pic\.twitter\.com|t\.co|https?://t\.co)/\w+"),
    )
)  # fmt: skip
