from bot.platforms.discord.present import UploadedChart
from bot.platforms.discord.uploads import Sent, UploadedCharts


def test_charts_of_the_latest_messages_are_remembered() -> None:
    charts = [UploadedChart(number) for number in range(4)]
    uploaded = UploadedCharts(max_messages=2)
    for number in (1, 2, 1, 3):  # message 1 was edited
        uploaded.remember(Sent(number, charts[number]))
    assert [uploaded.of(str(number)) for number in (1, 2, 3)] == [charts[1], None, charts[3]]


def test_newest_chart_of_a_message_is_the_one_that_is_kept() -> None:
    uploaded = UploadedCharts()
    first, second = UploadedChart(1), UploadedChart(2)
    uploaded.remember(Sent(7, first))
    uploaded.remember(Sent(7, second))
    assert uploaded.of("7") is second


def test_message_that_lost_its_chart_has_none() -> None:
    uploaded = UploadedCharts()
    uploaded.remember(Sent(7, UploadedChart(1)))
    uploaded.remember(Sent(7))
    assert uploaded.of("7") is None
    assert uploaded.of(None) is None
