"""The settings: described once, read from the environment, and overridden by what is given."""

from dataclasses import FrozenInstanceError, fields

import pytest

from app.domain.checks import Thresholds
from app.settings import BadSetting, Settings, settings_from


def test_without_anything_given_every_setting_is_its_default():
    assert settings_from({}) == Settings()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("database_url", "postgresql://db/declared", "postgresql://db/declared"),
        ("port", "0", 0),
        ("public_url", "", ""),
        ("poll_seconds", "0.25", 0.25),
        ("rejected_share", "5", 5.0),
        ("rehearsal", "yes", True),
    ],
)
def test_a_setting_is_read_from_the_environment_as_what_it_is(name, text, value):
    settings = settings_from({f"DECLARED_{name.upper()}": text, "DECLARED_TOKEN": "not a setting", "PORT": "1"})
    assert settings == Settings(**{name: value})
    assert type(getattr(settings, name)) is type(value)


def test_what_is_given_goes_before_the_environment_and_that_before_the_default():
    environment = {"DECLARED_PORT": "8001", "DECLARED_HOST": "0.0.0.0"}
    settings = settings_from(environment, port=8002, host=None)
    assert (settings.port, settings.host, settings.poll_seconds) == (8002, "0.0.0.0", Settings().poll_seconds)


def test_nought_and_no_are_given_too():
    settings = settings_from({"DECLARED_PORT": "8001", "DECLARED_REHEARSAL": "on"}, port=0, rehearsal=False)
    assert (settings.port, settings.rehearsal) == (0, False)


@pytest.mark.parametrize("text", ["1", "true", "TRUE", " yes ", "On"])
def test_a_switch_is_on(text):
    assert settings_from({"DECLARED_REHEARSAL": text}).rehearsal is True


@pytest.mark.parametrize("text", ["0", "false", "No", "off"])
def test_a_switch_is_off(text):
    assert settings_from({"DECLARED_REHEARSAL": text}).rehearsal is False


@pytest.mark.parametrize(
    ("variable", "text", "told"),
    [
        ("DECLARED_REHEARSAL", "perhaps", "DECLARED_REHEARSAL is “perhaps”: it has to be true or false."),
        ("DECLARED_REHEARSAL", "", "DECLARED_REHEARSAL is “”: it has to be true or false."),
        ("DECLARED_PORT", "http", "DECLARED_PORT is “http”: it has to be a number."),
        ("DECLARED_PORT", "8000.5", "DECLARED_PORT is “8000.5”: it has to be a number."),
        ("DECLARED_BEAT_SECONDS", "", "DECLARED_BEAT_SECONDS is “”: it has to be a number."),
    ],
)
def test_a_value_that_cannot_be_read_is_told_by_the_name_of_its_variable(variable, text, told):
    with pytest.raises(BadSetting) as refused:
        settings_from({variable: text})
    assert str(refused.value) == told


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
    settings = settings_from({f"DECLARED_{threshold.name.upper()}": str(changed)})
    assert getattr(settings.thresholds, threshold.name) == changed
