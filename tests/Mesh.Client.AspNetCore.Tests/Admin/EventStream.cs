using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.AspNetCore.Tests.Admin;

/// <summary>A reader of the stream, which reads on in the background.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly HttpResponseMessage _response;
    private readonly List<SseItem<string>> _items = [];
    private readonly Task _reading;
    private int _taken;

    private EventStream(HttpResponseMessage response, Stream stream)
    {
        _response = response;
        _reading = Task.Run(async () =>
        {
            try
            {
                await foreach (SseItem<string> item in SseParser.Create(stream).EnumerateAsync())
                {
                    lock (_lock)
                    {
                        _items.Add(item);
                    }
                }
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException or HttpRequestException or OperationCanceledException)
            {
                // It was closed, by whom does not matter here.
            }

            HasEnded = true;
        });
    }

    public bool HasEnded { get; private set; }

    public static async Task<EventStream> OpenAsync(AdminApp app)
    {
        HttpResponseMessage response = await app.Client.GetAsync(new Uri("/mesh/api/stream", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        return new EventStream(response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>How many of a kind have come.</summary>
    public int Count(string kind)
    {
        lock (_lock)
        {
            return _items.Count(i => i.EventType == kind);
        }
    }

    /// <summary>The next of a kind, past all that came before it.</summary>
    public async Task<JsonElement> NextAsync(string kind)
    {
        int found = -1;
        await Until.HoldsAsync(() =>
        {
            lock (_lock)
            {
                found = _items.FindIndex(_taken, i => i.EventType == kind);
                return found >= 0;
            }
        });
        _taken = found + 1;
        return JsonSerializer.Deserialize<JsonElement>(_items[found].Data);
    }

    public async ValueTask DisposeAsync()
    {
        _response.Dispose();
        await _reading;
    }
}
