import pytest


@pytest.fixture
def storage(app):
    return app.extensions["storage"]
