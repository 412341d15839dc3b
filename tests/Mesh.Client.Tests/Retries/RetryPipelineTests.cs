using System.Net;
using Mesh.Client.Retries;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Retries;

public sealed class RetryPipelineTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task ContinueAsync_ACallThatWasPaidFor_SendsTheNextAttemptAndNotTheFirst()
    {
        var call = new FakeRetryCall(retries: 0);

        AttemptReply reply = await new RetryPipeline(_clock).ContinueAsync(call, TestContext.Current.CancellationToken);

        Assert.Equal(1, call.Sent);
        Assert.Equal(HttpStatusCode.OK, reply.Response!.StatusCode);
    }

    [Fact]
    public async Task ContinueAsync_MoreRetriesAllowed_AsksBeforeEachAndNeverForTheFirstReply()
    {
        var call = new FakeRetryCall(retries: 4);

        await new RetryPipeline(_clock).ContinueAsync(call, TestContext.Current.CancellationToken);

        Assert.Equal(5, call.Sent);
        Assert.Equal(5, call.Asked);
    }

    [Fact]
    public async Task ContinueAsync_ADelay_WaitsForItOnTheClockOfTheMesh()
    {
        var call = new FakeRetryCall(retries: 2) { Delay = Second };
        Task<AttemptReply> going = new RetryPipeline(_clock).ContinueAsync(call, TestContext.Current.CancellationToken).AsTask();

        for (int sent = 0; sent < 3; sent++)
        {
            await Until.HoldsAsync(() => _clock.ActiveTimers == 1);
            _clock.Advance(Second - TimeSpan.FromTicks(1));
            Assert.Equal(sent, call.Sent);
            _clock.Advance(TimeSpan.FromTicks(1));
            int expected = sent + 1;
            await Until.HoldsAsync(() => call.Sent == expected);
        }

        await going;
    }

    [Fact]
    public async Task ContinueAsync_CancelledWhileItWaits_EndsAtOnce()
    {
        using var cancelled = new CancellationTokenSource();
        var call = new FakeRetryCall(retries: 2) { Delay = TimeSpan.FromHours(1) };
        Task<AttemptReply> going = new RetryPipeline(_clock).ContinueAsync(call, cancelled.Token).AsTask();

        await cancelled.CancelAsync();

        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => going);
        Assert.Equal(cancelled.Token, error.CancellationToken);
        Assert.Equal(0, call.Sent);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public async Task ContinueAsync_ManyCallsOneAfterTheOther_KeepNothingOfEachOther()
    {
        // The contexts are pooled: what one call left in them must not make the next one skip its first reply.
        var pipeline = new RetryPipeline(_clock);
        for (int i = 0; i < 100; i++)
        {
            var call = new FakeRetryCall(retries: i % 3);
            await pipeline.ContinueAsync(call, TestContext.Current.CancellationToken);
            Assert.Equal(1 + (i % 3), call.Sent);
        }
    }
}
