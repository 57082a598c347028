"""Loading of models as the settings say."""

from pathlib import Path

import pytest

from bot.domain.errors import ModelUnusable
from bot.runtime.model_source import ModelSource
from bot.runtime.model_watch import ModelWatch
from bot.runtime.models import load_classifier, open_registry
from bot.runtime.settings import Settings
from model.priors import PriorName
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


async def test_prior_that_changes_nothing_is_logged_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    save_bundle(tmp_path)
    loaded = Settings(models_dir=tmp_path, model="tiny", genre_prior="even", data_dir=tmp_path)
    source = ModelSource(loaded)
    models = await open_registry(loaded, source=source)
    await ModelWatch(loaded, models, source=source).check(anew=True)
    assert [record.getMessage() for record in caplog.records if "prior" in record.message] == [
        "model tiny has no priors: GENRE_PRIOR=even changes nothing"
    ]


@pytest.mark.parametrize(("name", "prior"), [("tiny", "popular"), ("full", "even")])
async def test_default_prior_and_one_of_the_model_are_not_logged(
    tmp_path: Path, name: str, prior: PriorName, caplog: pytest.LogCaptureFixture
) -> None:
    save_bundle(tmp_path)
    save_full_bundle(tmp_path)
    await open_registry(Settings(models_dir=tmp_path, model=name, genre_prior=prior))
    assert "prior" not in caplog.text.casefold()
