from app.web.clock import now


def test_a_request_that_waits_is_dated_by_its_arrival(app, clock):
    with app.test_request_context("/"):
        app.preprocess_request()
        arrived = clock()
        clock.advance(seconds=20)  # it waited for another writer
        assert now() == arrived
    assert now() == clock()  # after it, time goes on
