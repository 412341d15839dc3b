using Google.Protobuf;

namespace Mesh.IntegrationTests.Grpc.Support;

/// <summary>Calls gRPC methods through a handler as Grpc.Net.Client would: the same requests, contents and reading of replies.</summary>
internal sealed class GrpcCaller(HttpMessageInvoker invoker, string address) : IDisposable
{
    public GrpcCaller(HttpMessageHandler handler, string address)
        : this(new HttpMessageInvoker(handler), address)
    {
    }

    /// <summary>Sends one request and waits for the one response.</summary>
    public async Task<GrpcReply<TResponse>> UnaryAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions? options = null)
        where TRequest : IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        using GrpcCall<TRequest, TResponse> call = ServerStreaming(method, request, options);
        return await call.SingleAsync();
    }

    /// <summary>Sends one request; the responses are read from the call.</summary>
    public GrpcCall<TRequest, TResponse> ServerStreaming<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions? options = null)
        where TRequest : IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        options ??= GrpcCallOptions.None;
        return new(invoker, new Uri(address + method.Path), method, new UnaryContent(request, options.SerializesOnce), options);
    }

    /// <summary>Begins a call whose requests are written to it: a duplex one, or one with a single response (<see cref="GrpcCall{TRequest, TResponse}.SingleAsync"/>).</summary>
    public GrpcCall<TRequest, TResponse> Streaming<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, GrpcCallOptions? options = null)
        where TRequest : IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        new(invoker, new Uri(address + method.Path), method, new PushContent(), options ?? GrpcCallOptions.None);

    public void Dispose() => invoker.Dispose();
}
