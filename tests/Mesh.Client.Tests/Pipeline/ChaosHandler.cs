using System.Net;
using System.Net.Sockets;
using Mesh.Client.Testing;

namespace Mesh.Client.Tests.Pipeline;

/// <summary>An endpoint that does anything that an endpoint can do, at once or after a while.</summary>
internal sealed class ChaosHandler(Random random, ManualTimeProvider clock) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        int wait = random.Next(60);
        if (wait == 0)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken);
        }
        else if (wait < 4)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(40)), clock, cancellationToken);
        }
        else if (wait < 20)
        {
            await Task.Yield();
        }

        return await EndAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        request.Content?.CopyTo(Stream.Null, null, cancellationToken);
        return Respond(request);
    }

    private async Task<HttpResponseMessage> EndAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content)
        {
            await content.CopyToAsync(Stream.Null, cancellationToken);
        }

        return Respond(request);
    }

    private HttpResponseMessage Respond(HttpRequestMessage request) => random.Next(60) switch
    {
        0 => throw new HttpRequestException(HttpRequestError.ConnectionError, "refused", new SocketException((int)SocketError.ConnectionRefused)),
        1 => throw new HttpRequestException(HttpRequestError.Unknown, "reset", new IOException("reset", new SocketException((int)SocketError.ConnectionReset))),
        2 => throw new TaskCanceledException("no connection", new TimeoutException()),
        3 => throw new InvalidOperationException("a bug of the transport"),
        4 => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { RequestMessage = request },
        5 => Overloaded(),
        6 => new HttpResponseMessage(HttpStatusCode.InternalServerError),
        7 or 8 => new HttpResponseMessage { Content = new ByteArrayContent(new byte[100]) },
        9 or 10 => new HttpResponseMessage { Content = new ByteArrayContent(new byte[100_000]) },
        11 => new HttpResponseMessage(HttpStatusCode.NoContent),
        12 or 13 => new HttpResponseMessage { Content = new StreamContent(new GatedStream().Release(1000).Fail(new IOException("cut", new SocketException((int)SocketError.ConnectionReset)))) },
        14 => new HttpResponseMessage { Content = new StreamContent(new GatedStream().Release(1000)) },
        15 => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("/elsewhere", UriKind.Relative) } },
        _ => new HttpResponseMessage { Content = new StreamContent(new GatedStream().Release(1000).End()) },
    };

    private static HttpResponseMessage Overloaded()
    {
        var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        response.Headers.TryAddWithoutValidation("Retry-After", "1");
        return response;
    }
}
