using System.Net;
using System.Net.Http.Headers;
using Mesh.Client;
using Mesh.Client.Options;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Benchmarks.Stubs;

/// <summary>Unary gRPC calls over real connections, through the mesh or without it, with as little around them as can be: what a gRPC library adds would hide the engine.</summary>
internal sealed class GrpcPath : IDisposable
{
    private readonly HttpMessageInvoker _invoker;
    private readonly Uri _uri;

    private GrpcPath(HttpMessageHandler handler, string address) => (_invoker, _uri) = (new HttpMessageInvoker(handler), new Uri($"{address}/bench.Echo/Call"));

    public static GrpcPath Direct(string address) => new(new SocketsHttpHandler { EnableMultipleHttp2Connections = true, UseProxy = false, UseCookies = false, AllowAutoRedirect = false }, address);

    public static GrpcPath Mesh(string address) => new(
        MeshHandlerFactory.Create(mesh => mesh
            .ConfigureDiscovery(static discovery =>
            {
                discovery.Sources = ["Configuration"];
                discovery.CacheDirectory = "";
            })
            .AddService("echo", echo => echo.Endpoints.Add(new EndpointOptions { Address = address }))),
        "http://echo.mesh");

    /// <summary>Makes calls, so many of them at a time.</summary>
    public void Run(int calls, int inFlight) =>
        Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(() => RunAsync(calls / inFlight)))).GetAwaiter().GetResult();

    public void Dispose() => _invoker.Dispose();

    private async Task RunAsync(int calls)
    {
        byte[] buffer = new byte[256];
        for (int i = 0; i < calls; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _uri) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new Message() };
            request.Headers.TryAddWithoutValidation("TE", "trailers");
            using HttpResponseMessage response = await _invoker.SendAsync(request, CancellationToken.None).ConfigureAwait(false);
            using Stream body = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
            int length = 0;
            for (int read = await body.ReadAsync(buffer).ConfigureAwait(false); read > 0; read = await body.ReadAsync(buffer).ConfigureAwait(false))
            {
                length += read;
            }

            if (length != 105 || !response.TrailingHeaders.NonValidated.Contains("grpc-status"))
            {
                throw new InvalidOperationException("A call was not answered: what is measured would not be the call.");
            }
        }
    }

    private sealed class Message : HttpContent
    {
        private static readonly byte[] s_message = [0, 0, 0, 0, 100, .. new byte[100]];
        private static readonly MediaTypeHeaderValue s_type = new("application/grpc");

        public Message() => Headers.ContentType = s_type;

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(s_message).AsTask();

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) => stream.WriteAsync(s_message, cancellationToken).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = -1;
            return false;
        }
    }
}
