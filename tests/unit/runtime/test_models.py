"""Loading of models as the settings say."""

from pathlib import Path

import pytest

from bot.domain.errors import ModelUnusable
from bot.runtime.models import load_classifier
from bot.runtime.settings import PriorName, Settings
from tests.support.factories import PRIORS, VALUES, save_bundle, save_full_bundle


@pytest.mark.parametrize("prior", ["popular", "tables", "even"])
def test_prior_of_the_settings_is_applied(tmp_path: Path, prior: PriorName) -> None:
    save_full_bundle(tmp_path)
    loaded = Settings(models_dir=tmp_path, model="full", genre_prior=prior)
    assert load_classifier(loaded).predict(VALUES).prior == prior


def test_model_without_that_prior_is_unusable(tmp_path: Path) -> None:
    save_full_bundle(tmp_path, priors={name: PRIORS[name] for name in ("tables", "popular")})
    loaded = Settings(models_dir=tmp_path, model="full", genre_prior="even")
    with pytest.raises(ModelUnusable, match="'even'"):
        load_classifier(loaded)


def test_older_model_without_priors_is_served_as_is(tmp_path: Path) -> None:
    save_bundle(tmp_path)
    loaded = Settings(models_dir=tmp_path, model="tiny", genre_prior="even")
    assert load_classifier(loaded).predict(VALUES).prior is None
