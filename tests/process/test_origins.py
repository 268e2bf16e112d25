"""Addresses that whoever runs a server gives it."""

import pytest

from app.process.origins import frame_sources, is_loopback, origin


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", ""),
        ("https://results.example.org", "https://results.example.org"),
        ("https://results.example.org/", "https://results.example.org"),
        ("HTTPS://Results.Example.Org", "https://results.example.org"),
        ("https://results.example.org:443", "https://results.example.org"),
        ("http://results.example.org:80/", "http://results.example.org"),
        ("https://results.example.org:80", "https://results.example.org:80"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://192.0.2.7:08000", "http://192.0.2.7:8000"),
        ("http://[2001:db8::1]:8000", "http://[2001:db8::1]:8000"),
        ("https://xn--rsultats-bya.example", "https://xn--rsultats-bya.example"),
        ("https://with_underscore.example", "https://with_underscore.example"),
    ],
)
def test_our_own_address_is_spelt_as_browsers_spell_an_origin(text, meant):
    assert origin(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        " ",
        "results.example.org",
        "//results.example.org",
        "https:results.example.org",
        "ftp://results.example.org",
        "javascript:alert(1)",
        "https://",
        "https:///elections",
        "https://results.example.org/night",
        "https://results.example.org//",
        "https://results.example.org?",
        "https://results.example.org?a=b",
        "https://results.example.org#top",
        "https://editor@results.example.org",
        "https://editor:secret@results.example.org",
        " https://results.example.org",
        "https://results.example.org ",
        "https://results.example.org\n",
        "https://results example.org",
        "https://results.example.org\\@evil.example",
        'https://results.example.org"',
        "https://résultats.example",
        "https://results..example",
        "https://results.example.",
        "https://-results.example",
        f"https://{'a' * 64}.example",
        "https://" + "a." * 126 + "aa",
        "https://results.example.org:",
        "https://results.example.org:0",
        "https://results.example.org:65536",
        "https://results.example.org:٨٠",
        "https://192.0.2",
        "https://192.0.2.256",
        "https://[2001:db8::1",
        "https://[2001:db8::g]",
        "https://[192.0.2.7]",
        "https://results.example.org,https://other.example",
    ],
)
def test_what_is_no_address_of_a_site_is_refused_with_what_to_write(text):
    with pytest.raises(ValueError, match=r"is not an address such as https://results\.example\.org"):
        origin(text)


@pytest.mark.parametrize("text", ["", "*", "'self'", "https://example.org https://*.example.com:8443", "https:"])
def test_those_who_may_frame_us_are_told_as_the_policy_takes_them(text):
    assert frame_sources(text) == text


@pytest.mark.parametrize(
    "text", ["*; script-src *", "https://a.example, https://b.example", "*\nX: y", "https://é.example"]
)
def test_who_may_frame_us_can_begin_no_other_directive_or_header(text):
    with pytest.raises(ValueError, match="are not origins with spaces between"):
        frame_sources(text)


@pytest.mark.parametrize(
    ("host", "is_it"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("", False),
        ("192.168.0.7", False),
        ("results.example.org", False),
    ],
)
def test_only_this_machine_reaches_the_loopback(host, is_it):
    assert is_loopback(host) is is_it
