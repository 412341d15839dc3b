using System.Collections.Concurrent;

namespace Mesh.Client.Tests.Pipeline;

/// <summary>A caller that does anything that a caller can do, and counts how its calls ended.</summary>
internal sealed class ChaosCaller(HttpMessageInvoker invoker, Random random)
{
    private readonly ConcurrentDictionary<string, int> _ends = new();

    /// <summary>The ends that must occur.</summary>
    public static IReadOnlyList<string> Ends { get; } =
    [
        "read", "read in part", "not read", "copied", "stream dispose", "body failure", "body cancelled", "cancelled", "cancelled before", "AttemptTimeout", "Timeout", "HttpRequestException", "InvalidOperationException", "InvalidDataException",
    ];

    public int Seen(string end) => _ends.GetValueOrDefault(end);

    public async Task CallAsync()
    {
        using var source = new CancellationTokenSource();
        int cancel = random.Next(30);
        if (cancel == 0)
        {
            await source.CancelAsync();
        }

        string end;
        try
        {
            Task<HttpResponseMessage> call = Send(Request(), source.Token);
            if (cancel == 1)
            {
                await Task.Yield();
                await source.CancelAsync();
            }

            using HttpResponseMessage response = await call;
            end = await UseAsync(response);
        }
        catch (OperationCanceledException) when (source.IsCancellationRequested)
        {
            end = cancel == 0 ? "cancelled before" : "cancelled";
        }
        catch (MeshException error)
        {
            end = error.Error.ToString();
        }
        catch (Exception error)
        {
            end = error.GetType().Name;
        }

        _ends.AddOrUpdate(end, 1, static (_, count) => count + 1);
    }

    private Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        random.Next(50) == 0
            ? Task.Factory.StartNew(() => invoker.Send(request, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            : invoker.SendAsync(request, cancellationToken);

    private HttpRequestMessage Request()
    {
        int kind = random.Next(40);
        var request = new HttpRequestMessage(kind is < 12 or > 20 ? HttpMethod.Get : kind < 16 ? HttpMethod.Post : HttpMethod.Put, "http://orders/x");
        request.Content = kind switch
        {
            12 => new StringContent("body"),
            13 => new StreamContent(new GatedStream().Release(100).End()),
            14 => new PushContent(static _ => throw new InvalidDataException("the file is broken")),
            16 => new StreamContent(new MemoryStream(new byte[1000])),
            _ => null,
        };
        if (random.Next(50) == 0)
        {
            request.Headers.TryAddWithoutValidation(ThrowingClassifier.Header, "1");
        }

        return request;
    }

    private async Task<string> UseAsync(HttpResponseMessage response)
    {
        using var patience = new CancellationTokenSource();
        int use = random.Next(6);
        try
        {
            switch (use)
            {
                case 0:
                    return "not read";
                case 1:
                    _ = await (await response.Content.ReadAsStreamAsync(CancellationToken.None)).ReadAsync(new byte[10], CancellationToken.None);
                    return "read in part";
                case 2:
                    await (await response.Content.ReadAsStreamAsync(CancellationToken.None)).DisposeAsync();
                    return "stream dispose";
                default:
                    Task copy = use == 3 ? response.Content.CopyToAsync(Stream.Null, patience.Token) : response.Content.ReadAsByteArrayAsync(patience.Token);
                    if (!copy.IsCompleted)
                    {
                        // Perhaps a body that never ends.
                        await Task.Yield();
                        await patience.CancelAsync();
                    }

                    await copy;
                    return use == 3 ? "copied" : "read";
            }
        }
        catch (OperationCanceledException)
        {
            return "body cancelled";
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            return "body failure";
        }
    }
}
