using System.Text.Json;
using Mesh.Client.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Mesh.Agent.Admin.Services;

/// <summary>
/// Tells a program the endpoints of a service as server-sent events: the whole list at first and whenever it is another, named <c>endpoints</c>. Nothing queues up: a reader that is slow gets the
/// newest list and misses what is out of date, and one that takes nothing for <see cref="Patience"/> is let go.
/// </summary>
/// <param name="events">Say that something may have changed.</param>
/// <param name="clock">The clock.</param>
/// <param name="stopping">The agent stops.</param>
internal sealed class EndpointsStream(RecentEvents events, TimeProvider clock, CancellationToken stopping)
{
    /// <summary>So many watch at once.</summary>
    public const int MostWatchers = 256;

    /// <summary>How often it looks where nothing is said to have happened.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Where nothing was sent for so long, a comment says that the stream lives.</summary>
    public static readonly TimeSpan HeartBeat = TimeSpan.FromSeconds(10);

    /// <summary>So long a reader may take to take what was sent.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly byte[] s_heartBeat = ": still here\n\n"u8.ToArray();

    private int _watchers;

    /// <summary>How many watch now.</summary>
    public int Watchers => Volatile.Read(ref _watchers);

    public async Task RunAsync(HttpContext context, AskedService service)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.ContentType = "text/event-stream";
            return;
        }

        if (Interlocked.Increment(ref _watchers) > MostWatchers || stopping.IsCancellationRequested)
        {
            Interlocked.Decrement(ref _watchers);
            context.Response.Headers.RetryAfter = "5";
            await AdminAnswer.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, $"{MostWatchers} programs watch endpoints already, or the agent stops.").ConfigureAwait(false);
            return;
        }

        var hurry = new Hurry();
        events.Added += hurry.Now;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            await service.SettleAsync(end.Token).ConfigureAwait(false);
            await SendAllAsync(context, service, hurry, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The reader left, was let go, or the agent stops.
        }
        finally
        {
            events.Added -= hurry.Now;
            Interlocked.Decrement(ref _watchers);
        }
    }

    private async Task SendAllAsync(HttpContext context, AskedService service, Hurry hurry, CancellationToken end)
    {
        byte[] sent = [];
        long sentAt = clock.GetTimestamp();
        while (true)
        {
            // Before it looks, so that what happens meanwhile is looked at again.
            Task next = hurry.Next();
            byte[] json = service.TryRead(out EndpointsAnswer? answer) ? JsonSerializer.SerializeToUtf8Bytes(answer, AgentJson.Default.EndpointsAnswer) : sent;
            if (!json.AsSpan().SequenceEqual(sent))
            {
                sent = json;
                await SendAsync(context, [.. "event: endpoints\ndata: "u8, .. json, .. "\n\n"u8], end).ConfigureAwait(false);
                sentAt = clock.GetTimestamp();
            }
            else if (clock.GetElapsedTime(sentAt) >= HeartBeat)
            {
                await SendAsync(context, s_heartBeat, end).ConfigureAwait(false);
                sentAt = clock.GetTimestamp();
            }

            await next.WaitAsync(Interval, clock, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            end.ThrowIfCancellationRequested();
        }
    }

    private async Task SendAsync(HttpContext context, byte[] text, CancellationToken end)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end, patience.Token);
        try
        {
            await context.Response.Body.WriteAsync(text, either.Token).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            context.Abort();
            throw;
        }
    }
}
