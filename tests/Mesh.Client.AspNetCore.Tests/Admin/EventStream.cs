using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.AspNetCore.Tests.Admin;

/// <summary>A reader of the stream, which reads on in the background.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly AdminApp _app;
    private readonly HttpResponseMessage _response;
    private readonly List<SseItem<string>> _items = [];
    private readonly Task _reading;
    private Exception? _closed;
    private int _taken;

    private EventStream(AdminApp app, HttpResponseMessage response, Stream stream)
    {
        (_app, _response) = (app, response);
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
                // It was closed; by whom is told to whoever waits for more.
                _closed = error;
            }

            HasEnded = true;
        });
    }

    public bool HasEnded { get; private set; }

    public static async Task<EventStream> OpenAsync(AdminApp app)
    {
        HttpResponseMessage response = await app.Client.GetAsync(new Uri("/mesh/api/stream", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        return new EventStream(app, response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
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
        SseItem<string>? next = null;
        try
        {
            await Until.HoldsAsync(() =>
            {
                bool ended = HasEnded;
                next = Take(kind);
                return next is not null || ended;
            });
        }
        catch (Exception error)
        {
            throw new InvalidOperationException(Missing(kind), error);
        }

        return JsonSerializer.Deserialize<JsonElement>((next ?? throw new InvalidOperationException(Missing(kind), _closed)).Data);
    }

    public async ValueTask DisposeAsync()
    {
        _response.Dispose();
        await _reading;
    }

    private SseItem<string>? Take(string kind)
    {
        lock (_lock)
        {
            int found = _items.FindIndex(_taken, i => i.EventType == kind);
            _taken = found < 0 ? _taken : found + 1;
            return found < 0 ? null : _items[found];
        }
    }

    private string Missing(string kind)
    {
        lock (_lock)
        {
            return $"No '{kind}' after {_taken} of {_items.Count} items ({string.Join(", ", _items.Select(static i => i.EventType))}); ended: {HasEnded}.\n{_app.Log.Troubles}";
        }
    }
}
