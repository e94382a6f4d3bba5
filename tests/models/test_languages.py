import pytest

from shared.models.languages import in_language


@pytest.mark.parametrize(
    ("texts", "language", "expected"),
    [
        ({"de": "Tag", "en": "Day"}, "en", ("en", "Day")),
        ({"de": "Tag", "en-GB": "Day"}, "en", ("en-GB", "Day")),
        ({"en": "Day", "en-GB": "Day, British"}, "en", ("en", "Day")),
        ({"de-CH": "Tag", "fr": "Jour"}, "en", ("de-CH", "Tag")),
        ({"en": "Day", "fr": "Jour"}, "de", ("en", "Day")),
        ({"fr": "Jour", "cs": "Den"}, "de", ("cs", "Den")),
        ({"den": "Déné"}, "de", ("den", "Déné")),
    ],
)
def test_the_nearest_language_is_chosen(texts: dict[str, str], language: str, expected: tuple[str, str]) -> None:
    assert in_language(texts, language) == expected
