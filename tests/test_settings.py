"""The settings: described once, read from the environment, and overridden by what is given."""

import os
from dataclasses import FrozenInstanceError, fields

import pytest
from click import BadParameter

from app.commands.cli import main
from app.domain.proposal import Thresholds
from app.settings import Settings

BY_NAME = {setting.name: setting for setting in fields(Settings)}


def given(*options: str, **variables: str) -> Settings:
    """What ``declared serve`` would run with; raises BadParameter."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("DECLARED_")]:
            patch.delenv(name)
        for name, text in variables.items():
            patch.setenv(f"DECLARED_{name.upper()}", text)
        return Settings(**main.commands["serve"].make_context("serve", list(options)).params)


def test_without_anything_given_every_setting_is_its_default():
    assert given() == Settings()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("host", "0.0.0.0", "0.0.0.0"),
        ("port", "0", 0),
        ("public_url", "", ""),
        ("public_url", "https://Results.example.org/", "https://results.example.org"),
        ("poll_seconds", "0.25", 0.25),
        ("rejected_share", "5", 5.0),
        ("rehearsal", "yes", True),
        ("rehearsal", "TRUE", True),
        ("rehearsal", "off", False),
        ("writer_queue", "1", 1),
    ],
)
def test_a_setting_is_read_from_the_environment_as_what_it_is(name, text, value):
    settings = given(**{name: text})
    assert settings == Settings(**{name: value})
    assert type(getattr(settings, name)) is type(value)


def test_what_is_given_goes_before_the_environment_and_that_before_the_default():
    settings = given("--port", "0", port="8001", host="0.0.0.0")
    assert (settings.port, settings.host, settings.poll_seconds) == (0, "0.0.0.0", Settings().poll_seconds)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("rehearsal", "perhaps"),
        ("public_url", "results.example.org"),
        ("frame_ancestors", "*; script-src *"),
        ("port", "http"),
        ("port", "8000.5"),
        ("port", "99999"),
        ("port", "-1"),
        ("beat_seconds", "0"),
        ("beat_seconds", "nan"),
        ("beat_seconds", "61"),
        ("stuck_seconds", "inf"),
        ("writer_queue", "0"),
        ("workers", "0"),
        ("workers", "65"),
        ("workers", "two"),
        ("drain_seconds", "-1"),
        ("turnout_high", "-1"),
    ],
)
def test_a_value_that_cannot_be_is_told_by_the_name_of_its_option(name, text):
    option = f"--{name.replace('_', '-')}"
    with pytest.raises(BadParameter) as refused:
        given(**{name: text})
    assert f"'{option}'" in refused.value.format_message()
    if BY_NAME[name].type is not bool:
        with pytest.raises(BadParameter):
            given(f"{option}={text}")


def test_settings_are_built_once():
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda setting: setting.name)
def test_every_setting_is_described_in_one_sentence(setting):
    description = setting.metadata["description"]
    assert description.endswith(".")
    assert "\n" not in description


def test_every_threshold_of_the_checks_is_a_setting_with_the_same_default():
    assert {own.name for own in fields(Thresholds)} <= {own.name for own in fields(Settings)}
    assert Settings().thresholds == Thresholds()


@pytest.mark.parametrize("threshold", fields(Thresholds), ids=lambda threshold: threshold.name)
def test_a_threshold_that_is_set_is_the_one_used(threshold):
    changed = threshold.default + 1
    settings = given(**{threshold.name: str(changed)})
    assert getattr(settings.thresholds, threshold.name) == changed
