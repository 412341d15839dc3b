using System.Globalization;
using System.Text;
using System.Text.Json;
using Mesh.Client.AspNetCore.Admin.Access;
using Mesh.Client.AspNetCore.Admin.Answers;
using Mesh.Client.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Mesh.Client.AspNetCore.Admin.Feed;

/// <summary>
/// Sends the feed to one reader as server-sent events: <c>service</c> with the description of a service whenever it changes, <c>gone</c> with the id of one that left, <c>live</c> with the figures,
/// <c>happened</c> with an event. Nothing queues up: while the reader takes what was sent, frames pass it by. One that takes nothing for <see cref="Patience"/> is let go.
/// </summary>
internal sealed class FeedReader(AdminFeed feed)
{
    /// <summary>So long a reader may take to take what was sent.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Where nothing was said for so long, a heart-beat says that the stream lives.</summary>
    public static readonly TimeSpan HeartBeat = TimeSpan.FromSeconds(10);

    private static readonly byte[] s_heartBeat = ": still here\n\n"u8.ToArray();

    public async Task RunAsync(HttpContext context)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.ContentType = "text/event-stream";
            return;
        }

        if (!feed.TryJoin(out long after))
        {
            context.Response.Headers.RetryAfter = "5";
            await Answer.RefuseAsync(context, new AdminRefusal(StatusCodes.Status503ServiceUnavailable, $"{AdminFeed.MostReaders} readers follow the stream already, or the process stops.")).ConfigureAwait(false);
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, feed.Stopping);
        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            await context.Response.Body.FlushAsync(end.Token).ConfigureAwait(false);
            await SendAllAsync(context, after, Seen(context.Request), end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The reader left, was let go, or the process stops.
        }
        finally
        {
            feed.Leave();
        }
    }

    // A process that began anew counts its events anew.
    private long Seen(HttpRequest request) =>
        request.Headers["Last-Event-ID"] is [{ } id] && id.Split('.') is [var began, var number]
        && long.TryParse(began, NumberStyles.None, CultureInfo.InvariantCulture, out long process) && process == feed.Began
        && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long seen) && seen <= feed.LastEvent
            ? seen
            : 0;

    private async Task SendAllAsync(HttpContext context, long number, long lastEvent, CancellationToken end)
    {
        HashSet<string> sent = new(StringComparer.Ordinal);
        while (true)
        {
            FeedFrame frame;
            try
            {
                frame = await feed.After(number, end).WaitAsync(HeartBeat, feed.Clock, end).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                await SendAsync(context, s_heartBeat, end).ConfigureAwait(false);
                continue;
            }

            using var text = new MemoryStream();
            foreach ((string id, FeedPart part) in frame.Services)
            {
                if (part.Since > number || sent.Add(id))
                {
                    sent.Add(id);
                    Write(text, "service", part.Json.Span);
                }
            }

            foreach (string id in sent.Where(id => !frame.Services.ContainsKey(id)).ToArray())
            {
                sent.Remove(id);
                Write(text, "gone", JsonSerializer.SerializeToUtf8Bytes(id, AdminJson.Default.String));
            }

            foreach (MeshEvent happened in feed.EventsAfter(lastEvent))
            {
                lastEvent = happened.Number;
                Write(text, "happened", JsonSerializer.SerializeToUtf8Bytes(ProcessAnswers.Of(happened), AdminJson.Default.EventAnswer), lastEvent);
            }

            Write(text, "live", frame.Live.Span);
            number = frame.Number;
            await SendAsync(context, text.ToArray(), end).ConfigureAwait(false);
        }
    }

    private async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> text, CancellationToken end)
    {
        using var patience = new CancellationTokenSource(Patience, feed.Clock);
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

    private void Write(MemoryStream text, string name, ReadOnlySpan<byte> data, long id = 0)
    {
        text.Write(Encoding.ASCII.GetBytes(id == 0 ? $"event: {name}\ndata: " : $"id: {feed.Began}.{id}\nevent: {name}\ndata: "));
        text.Write(data);
        text.Write("\n\n"u8);
    }
}
