"""What nobody should type and somebody will: listed values, for every place that takes one."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

TEXTS: Mapping[str, str] = {
    "nothing": "",
    "a space": " ",
    "no-break spaces": "\u00a0\u2007\u202f",
    "a tab": "\t",
    "NUL": "a\0b",
    "a bell": "\x07",
    "an escape sequence": "\x1b[31mred",
    "CRLF and a header": "x\r\nSet-Cookie: declared=1",
    "a line break": "one\ntwo",
    "next line, C1": "a\x85b\x9f",
    "a line separator": "a\u2028b\u2029c",
    "zero width": "a\u200b\u200c\u200d\u2060\ufeffb",
    "right to left": "\u202eabc\u202c \u2067def\u2069",
    "a right-to-left override at its end": "harmless\u202e",
    "Arabic": "مرحبا",
    "combining marks": "Z" + "\u0351\u035c\u0321" * 40,
    "not normalised": "Zoe\u0308",
    "an emoji of many parts": "👩‍👩‍👧‍👦🏴󠁧󠁢󠁷󠁬󠁳󠁿",
    "a tag character": "a\U000e0041b",
    "beyond the basic plane": "𝕏𐍈",
    "a non-character": "\ufffe\uffff",
    "private use": "\ue000\U0010fffd",
    "the replacement character": "\ufffd",
    "dotless i": "ı İ ſ K ß ŉ",
    "fullwidth digits": "１２３",
    "Arabic digits": "٣٤",
    "superscripts": "²³",
    "a Roman numeral": "Ⅷ",
    "a minus sign": "−5",
    "negative": "-1",
    "minus zero": "-0",
    "plus": "+7",
    "leading zeros": "007",
    "an exponent": "1e3",
    "a huge exponent": "1e400",
    "hexadecimal": "0x10",
    "underscores": "1_000",
    "2^31": "2147483648",
    "2^53 + 1": "9007199254740993",
    "2^63": "9223372036854775808",
    "2^64": "18446744073709551616",
    "5,000 digits": "9" * 5000,
    "a fraction": "7.0",
    "many digits of a fraction": "0." + "3" * 400,
    "NaN": "NaN",
    "Infinity": "-Infinity",
    "true": "true",
    "null": "null",
    "undefined": "undefined",
    "brackets": "[]",
    "an object": '{"a":1}',
    "a path upwards": "../../../../etc/passwd",
    "a path upwards on Windows": "..\\..\\windows\\win.ini",
    "an absolute path": "/etc/passwd",
    "a percent": "%",
    "half an escape": "%4",
    "an escape of an escape": "%252e%252e%252f",
    "an escape of NUL": "%00",
    "an escape that is no UTF-8": "%ff%fe",
    "an escape of a surrogate": "%ed%a0%80",
    "an overlong escape": "%c0%ae%c0%ae/",
    "markup": '"><script>alert(1)</script><img src=x onerror=alert(1)>',
    "an end of a script": "</script></style></textarea>--><svg onload=alert(1)>",
    "a template": "{{7*7}}{% raw %}${7*7}<%= 7 %>#{7}",
    "a formula": '=HYPERLINK("http://x","y")',
    "SQL": "'; DROP TABLE entry; --",
    "SQL with a wildcard": "%' OR '1'='1",
    "a regular expression": "(a+)+$",
    "long and repetitive": "a" * 40_000 + "!",
    "a format": "%s%n%x{0}{x.__class__}",
    "a shell": "$(reboot)`reboot`|reboot",
    "an address": "javascript:alert(1)",
    "another site": "//evil.example/desk",
    "a separator": "a;b&c=d#e?f",
    "commas": ",,,,",
    "a quote": "'\"`",
    "backslashes": "\\\\\\",
    "300 characters": "é" * 300,
    "64 KiB and one": "x" * (64 * 1024 + 1),
    "a time": "2023-05-05T02:20:01+01:00",
    "a time without an offset": "2023-05-05T02:20:01",
    "the year 0": "0000-01-01T00:00:00Z",
    "the year 9999": "9999-12-31T23:59:59-23:59",
    "a leap second": "2023-05-05T23:59:60Z",
    "30 February": "2023-02-30T00:00:00Z",
    "an offset of days": "2023-05-05T00:00:00+99:99",
    "a name of Python": "__class__",
    "a name of JavaScript": "__proto__",
}
"""Texts, by what they are."""

BYTES: Mapping[str, bytes] = {
    "a lone continuation": b"\x80",
    "half a character": b"\xe2\x82",
    "a surrogate as UTF-8": b"\xed\xa0\x80",
    "overlong": b"\xc0\xaf",
    "beyond Unicode": b"\xf4\x90\x80\x80",
    "Latin-1": b"Zo\xeb",
    "UTF-16": "x".encode("utf-16"),
    "0xFF": b"\xff" * 8,
}
"""What is no text in UTF-8."""

TOKENS: Mapping[str, str] = {
    "null": "null",
    "true": "true",
    "false": "false",
    "0": "0",
    "-0": "-0",
    "-1": "-1",
    "1.5": "1.5",
    "7.0": "7.0",
    "1e3": "1e3",
    "1E400": "1E400",
    "1e-400": "1e-400",
    "2^31": "2147483648",
    "2^53 + 1": "9007199254740993",
    "2^63": "9223372036854775808",
    "2^64": "18446744073709551616",
    "5,000 digits": "9" * 5000,
    "a long fraction": "0." + "1" * 5000,
    "NaN": "NaN",
    "Infinity": "Infinity",
    "leading zeros": "007",
    "a plus": "+1",
    "hexadecimal": "0x1F",
    "an empty list": "[]",
    "a list of null": "[null]",
    "an empty object": "{}",
    "an empty name": '{"":1}',
    "the same name twice": '{"a":1,"a":2}',
    "a lone surrogate": '"\\ud83d"',
    "surrogates the wrong way round": '"\\ude00\\ud83d"',
    "a name that is a surrogate": '{"\\ud83d":1}',
    "an escaped NUL": '"\\u0000"',
    "a raw control character": '"\x01"',
    "half an escape": '"\\u12"',
    "no end": '"abc',
    "a comment": "/* */ 1",
    "a trailing comma": "[1,]",
    "single quotes": "'a'",
    "10,000 lists deep": "[" * 10_000 + "]" * 10_000,
    "10,000 objects deep": '{"a":' * 10_000 + "1" + "}" * 10_000,
    **{f"{depth} lists deep": "[" * depth + "]" * depth for depth in (100, 300, 500, 800, 900, 940, 960, 980, 995)},
    "a thousand names": "{" + ",".join(f'"n{number}":1' for number in range(1000)) + "}",
    "thousands of names, the last one twice": "{" + ",".join(f'"{number}":1' for number in [*range(6000), 5999]) + "}",
    "ten thousand numbers": "[" + ",".join("1" * 10_000) + "]",
}
"""JSON, nearly JSON and not at all, as it is sent."""


def json_tokens() -> dict[str, bytes]:
    """Every value that a field of JSON may be given: the tokens, and the texts and bytes in quotes."""
    texts = {name: json.dumps(text, ensure_ascii=False).encode() for name, text in TEXTS.items()}
    raw = {name: b'"' + value + b'"' for name, value in BYTES.items()}
    return {**{name: token.encode() for name, token in TOKENS.items()}, **texts, **raw}


def raw_texts() -> dict[str, bytes]:
    """Every text and every sequence of bytes that is none."""
    return {**{name: text.encode() for name, text in TEXTS.items()}, **BYTES}


def with_token(body: Mapping[str, Any], path: Iterable[str], token: bytes) -> bytes:
    """``body`` as JSON with ``token``, as it is, in the place that ``path`` leads to."""
    mark = "@nasty@"
    whole = json.loads(json.dumps(body))
    *outer, last = path
    place = whole
    for step in outer:
        place = place[step]
    place[last] = mark
    return json.dumps(whole, ensure_ascii=False).encode().replace(f'"{mark}"'.encode(), token)
