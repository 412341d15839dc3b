using Mesh.Client.Retries;

namespace Mesh.Client.Pipeline;

/// <summary>One of several attempts of a call that are under way at a time.</summary>
/// <param name="timer">Ends it.</param>
/// <param name="running">The attempt. It ends by itself, however late a transport heeds its cancellation.</param>
internal sealed class HedgedAttempt(AttemptTimer timer, Task<AttemptReply> running)
{
    /// <summary>Waits for the reply, or returns at once when the attempt is lost.</summary>
    public async ValueTask<HedgeReply> WaitAsync(CancellationToken lost)
    {
        try
        {
            return new HedgeReply(await running.WaitAsync(lost).ConfigureAwait(false));
        }
        catch (OperationCanceledException error) when (lost.IsCancellationRequested)
        {
            _ = AbandonAsync();
            return new HedgeReply(new AttemptReply(null, error, FailureKind.Canceled, null));
        }
    }

    /// <summary>Ends the attempt and lets go of what it brings. May be called more than once.</summary>
    public async Task AbandonAsync()
    {
        // Cancelling runs the transport's own code, which must not hold up the reply that won.
        await Task.Yield();
        try
        {
            timer.Lose();
        }
        finally
        {
            await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (running.IsCompletedSuccessfully)
            {
                (await running.ConfigureAwait(false)).Response?.Dispose();
            }
        }
    }
}
