using System.Net;
using Google.Protobuf;

namespace Mesh.IntegrationTests.Grpc.Support;

/// <summary>One call under way. Requests may be written while responses are read.</summary>
internal sealed class GrpcCall<TRequest, TResponse> : IDisposable
    where TRequest : IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private readonly GrpcMethod<TRequest, TResponse> _method;
    private readonly HttpContent _content;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _end;
    private readonly Task<HttpResponseMessage?> _response;
    private Stream? _body;

    public GrpcCall(HttpMessageInvoker invoker, Uri uri, GrpcMethod<TRequest, TResponse> method, HttpContent content, GrpcCallOptions options)
    {
        _method = method;
        _content = content;
        _deadline = new CancellationTokenSource(options.Deadline ?? Timeout.InfiniteTimeSpan, TimeProvider.System);
        _end = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken, _deadline.Token);
        _end.Token.Register(static content => (content as PushContent)?.Abandon(), content);
        _response = SendAsync(invoker, uri, options);
    }

    /// <summary>How it ended; <see langword="null"/> while it has not, or while its end was not read.</summary>
    public GrpcStatus? Status { get; private set; }

    /// <summary>The headers that came; empty before, or if none came.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; private set; } = new Dictionary<string, string>();

    /// <summary>The trailers that came, at the end; those of a trailers-only reply too.</summary>
    public IReadOnlyDictionary<string, string> Trailers { get; private set; } = new Dictionary<string, string>();

    /// <summary>How often the body was serialized.</summary>
    public int Serializations => _content is PushContent push ? push.Serializations : ((UnaryContent)_content).Serializations;

    /// <summary>Writes a request.</summary>
    /// <returns>Whether it went out; <see langword="false"/> if the call has ended.</returns>
    public async Task<bool> WriteAsync(TRequest message)
    {
        try
        {
            await ((PushContent)_content).WriteAsync(message, _end.Token);
            return true;
        }
        catch (Exception error) when (error is IOException or HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>No more requests.</summary>
    public void Complete() => ((PushContent)_content).Complete();

    public void Cancel() => _end.Cancel();

    /// <summary>Waits for the headers, or for an end without them.</summary>
    public Task HeadersAsync() => _response;

    /// <summary>Reads a response.</summary>
    /// <returns>It; <see langword="null"/> at the end, when <see cref="Status"/> is there.</returns>
    public async Task<TResponse?> ReadAsync()
    {
        if (await _response is not { } response || Status is not null)
        {
            return null;
        }

        try
        {
            _body ??= await response.Content.ReadAsStreamAsync(_end.Token);
            byte[]? message = await GrpcFrame.ReadAsync(_body, _end.Token);
            if (message is not null)
            {
                return _method.Responses.ParseFrom(message);
            }

            Trailers = GrpcMetadata.Read(response.TrailingHeaders);
            End(GrpcStatus.OfTrailers(response));
        }
        catch (InvalidDataException error)
        {
            End(new(GrpcCode.Internal, error.Message));
        }
        catch (Exception error) when (error is IOException or HttpRequestException or OperationCanceledException)
        {
            Fail(error);
        }

        return null;
    }

    /// <summary>Reads the one response and the end.</summary>
    public async Task<GrpcReply<TResponse>> SingleAsync()
    {
        TResponse? message = await ReadAsync();
        if (message is not null && await ReadAsync() is not null)
        {
            End(new(GrpcCode.Internal, "more than one response"));
        }

        GrpcStatus status = Status is { Code: GrpcCode.OK } && message is null ? new(GrpcCode.Internal, "OK without a response") : Status!.Value;
        return new(status.Code, status.Detail, status.Code is GrpcCode.OK ? message : null, Headers, Trailers);
    }

    /// <summary>Reads all responses and the end.</summary>
    public async Task<List<TResponse>> AllAsync()
    {
        List<TResponse> all = [];
        while (await ReadAsync() is { } message)
        {
            all.Add(message);
        }

        return all;
    }

    public void Dispose()
    {
        _end.Cancel();
        _response.ContinueWith(static response => response.Result?.Dispose(), TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously);
        _deadline.Dispose();
    }

    private async Task<HttpResponseMessage?> SendAsync(HttpMessageInvoker invoker, Uri uri, GrpcCallOptions options)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, uri) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = _content };
        request.Headers.TryAddWithoutValidation("TE", "trailers");
        if (options.Deadline is { } deadline)
        {
            request.Headers.TryAddWithoutValidation("grpc-timeout", GrpcMetadata.OfTimeout(deadline));
        }

        foreach ((string name, string value) in options.Metadata)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        HttpResponseMessage response;
        try
        {
            response = await invoker.SendAsync(request, _end.Token);
        }
        catch (Exception error) when (error is IOException or HttpRequestException or OperationCanceledException or TimeoutException)
        {
            Fail(error);
            return null;
        }

        Headers = GrpcMetadata.Read(response.Headers);
        if (GrpcStatus.OfHeaders(response) is { } status)
        {
            Trailers = Headers;
            End(status);
        }

        return response;
    }

    private void Fail(Exception error) => End(
        _deadline.IsCancellationRequested ? new(GrpcCode.DeadlineExceeded, "")
        : _end.IsCancellationRequested ? new(GrpcCode.Cancelled, "by the caller")
        : GrpcStatus.OfException(error));

    // What is not yet sent of the requests is not sent any more.
    private void End(GrpcStatus status)
    {
        Status = status;
        (_content as PushContent)?.Abandon();
    }
}
