"""What does not count: programs, pages loaded in advance, our own people, invented visits."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regie.collector.visitors import is_within, truncated
from regie.domain.traffic.agents import DEVICES, SYSTEMS, agent
from regie.domain.traffic.spam import REASONS, SPAM_HOSTS, aside

GECKO = "AppleWebKit/537.36 (KHTML, like Gecko)"
PEOPLE = [
    (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {GECKO} Chrome/140.0.0.0 Safari/537.36",
     "desktop", "windows"),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) "
     "Version/17.5 Safari/605.1.15", "desktop", "macos"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "desktop", "linux"),
    (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {GECKO} Chrome/140.0.0.0 Safari/537.36",
     "desktop", "linux"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
     "Gecko) Mobile/15E148 Instagram 340.0.0.22.109 (iPhone15,2; iOS 17_5; fr_FR)",
     "phone", "ios"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
     "Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/470.0;FBDV/iPhone15,2]", "phone", "ios"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
     "Gecko) GSA/320.0 Mobile/15E148 Safari/604.1", "phone", "ios"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
     "Gecko) Mobile/15E148 [LinkedInApp]/9.30", "phone", "ios"),
    ("Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
     "Version/16.6 Mobile/15E148 Safari/604.1", "tablet", "ios"),
    (f"Mozilla/5.0 (Linux; Android 14; Pixel 8) {GECKO} Chrome/140.0.0.0 Mobile Safari/537.36",
     "phone", "android"),
    (f"Mozilla/5.0 (Linux; Android 13; SM-X700) {GECKO} Chrome/140.0.0.0 Safari/537.36",
     "tablet", "android"),
    (f"Mozilla/5.0 (Linux; Android 13; CUBOT P80) {GECKO} Chrome/140.0.0.0 Mobile Safari/537.36",
     "phone", "android"),
    (f"Mozilla/5.0 (Linux; Android 14; SM-S911B) {GECKO} Version/4.0 Chrome/140.0 Mobile "
     "Safari/537.36 Telegram-Android/11.0 (Samsung SM-S911B)", "phone", "android"),
    (f"Mozilla/5.0 (Linux; Android 14; 2201116SG) {GECKO} Version/4.0 Chrome/140.0 Mobile "
     "Safari/537.36 musical_ly_2023 BytedanceWebview/d8a21c6", "phone", "android"),
    (f"Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) {GECKO} Version/7.0 TV Safari/537.36",
     "television", "linux"),
]  # fmt: skip
PROGRAMS = [
    "", "curl/8.5.0", "Wget/1.21", "python-requests/2.32", "Go-http-client/2.0", "okhttp/4.12",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)",
    "Mozilla/5.0 (compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
    "Mozilla/5.0 (compatible; PerplexityBot/1.0)", "Mozilla/5.0 (compatible; AhrefsBot/7.0)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "meta-externalagent/1.1", "WhatsApp/2.23.20.0", "TelegramBot (like TwitterBot)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0)", "Mozilla/5.0 (compatible; YandexBot/3.0)",
    f"Mozilla/5.0 (X11; Linux x86_64) {GECKO} HeadlessChrome/140.0.0.0 Safari/537.36",
    "Pingdom.com_bot_version_1.4", "Mozilla/5.0 (compatible; UptimeRobot/2.0)",
]  # fmt: skip


@pytest.mark.parametrize(("text", "device", "system"), PEOPLE)
def test_people_are_known_by_their_device(text: str, device: str, system: str) -> None:
    said = agent(text)
    assert (said.device, said.system, said.is_program) == (device, system, False)


@pytest.mark.parametrize("text", PROGRAMS)
def test_programs_are_known_as_such(text: str) -> None:
    assert agent(text).is_program


@given(text=st.text(max_size=400))
def test_any_browser_has_a_device(text: str) -> None:
    said = agent(text)

    assert said.device in DEVICES
    assert said.system in (*SYSTEMS, "")


@pytest.mark.parametrize(
    ("flags", "is_program", "host", "reason"),
    [
        ("", False, "", ""),
        ("g", False, "news.example", ""),
        ("s", False, "", ""),
        ("p", False, "", "prefetch"),
        ("pi", True, "semalt.com", "prefetch"),
        ("h", False, "", "bot"),
        ("i", True, "", "bot"),
        ("i", False, "semalt.com", "internal"),
        ("", False, "semalt.com", "spam"),
        ("", False, "fr.semalt.com", "spam"),
        ("", False, "notsemalt.com", ""),
        ("", False, "semalt.com.example", ""),
        ("x", False, "", "expired"),
    ],
)
def test_the_reason_is_the_first_that_holds(
    flags: str, is_program: bool, host: str, reason: str
) -> None:
    assert aside(flags, is_program=is_program, host=host) == reason
    assert not reason or reason in REASONS


@given(host=st.sampled_from(sorted(SPAM_HOSTS)), part=st.from_regex(r"[a-z0-9-]{1,12}\Z"))
def test_a_spammer_s_next_name_is_known_too(host: str, part: str) -> None:
    assert aside("", is_program=False, host=f"{part}.{host}") == "spam"
    assert aside("", is_program=False, host=f"{part}{host}") in ("", "spam")


v4 = st.ip_addresses(v=4)
v6 = st.ip_addresses(v=6)


@given(address=v4 | v6, length=st.integers(0, 32))
def test_our_own_network_holds_its_addresses(
    address: IPv4Address | IPv6Address, length: int
) -> None:
    network = ip_network((address, length), strict=False)
    inside, after = network[0], int(network[-1]) + 1

    assert is_within(str(address), (network,))
    assert is_within(str(inside), (network,))
    if after < 2**address.max_prefixlen:
        assert not is_within(str(type(address)(after)), (network,))


@given(address=v4)
def test_an_address_within_the_newer_form_is_the_same(address: IPv4Address) -> None:
    network = ip_network((address, 24), strict=False)

    assert is_within(f"::ffff:{address}", (network,))
    assert truncated(f"::ffff:{address}") == truncated(str(address))


@given(address=v4)
def test_of_an_address_the_last_part_goes(address: IPv4Address) -> None:
    kept = truncated(str(address))

    assert kept == str(ip_network((address, 24), strict=False)[0])


@given(address=v6)
def test_of_a_long_address_the_last_eighty_bits_go(address: IPv6Address) -> None:
    if address.ipv4_mapped is None:
        assert int(ip_address(truncated(str(address)))) == int(address) >> 80 << 80


@pytest.mark.parametrize("text", ["", "unknown", "1.2.3", "::g", "10.0.0.1:80:"])
def test_what_is_no_address_is_kept_as_none(text: str) -> None:
    assert truncated(text) == ""
    assert not is_within(text, (ip_network("0.0.0.0/0"),))
