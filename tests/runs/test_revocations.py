"""What was revoked stays so until all that was signed before has ended."""

from redis import Redis

from analytics.model.artifacts import GraphKey
from analytics.runs import belongings, revocations
from analytics.runs.queries import key

GRAPH, OTHER = GraphKey("g", "o"), GraphKey("h", "o")


def test_a_word_outlives_whatever_was_signed_before_it(redis: Redis) -> None:
    revocations.revoke_graph(redis, "g")
    revocations.revoke_owner(redis, "o")
    assert redis.ttl(key("links", "g")) > revocations.LONGEST - 60
    assert redis.ttl(key("links-of", "o")) > revocations.LONGEST - 60
    redis.set(key("graph", "g"), "run")
    redis.delete(key("links", "g"))
    assert belongings.forget(redis, "o", "g", "run")
    assert redis.ttl(key("links", "g")) > revocations.LONGEST - 60


def test_what_is_signed_later_is_not_ended_by_a_word_that_is_forgotten(redis: Redis) -> None:
    revocations.revoke_graph(redis, "g")
    redis.expire(key("links", "g"), 10)
    revocations.keep_words(redis, GRAPH)
    assert redis.ttl(key("links", "g")) > revocations.LONGEST - 60
    assert not redis.exists(key("links-of", "o"))


def test_words_of_several_graphs_are_those_of_each(redis: Redis) -> None:
    assert revocations.words_of_all(redis, []) == []
    revocations.revoke_graph(redis, "g")
    revocations.revoke_owner(redis, "o")
    both = revocations.words_of_all(redis, [GRAPH, OTHER])
    assert both == [revocations.words_of(redis, GRAPH), revocations.words_of(redis, OTHER)]
    assert both[0] != both[1]
