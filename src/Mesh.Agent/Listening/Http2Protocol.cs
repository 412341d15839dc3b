using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Mesh.Agent.Listening;

/// <summary>
/// Tells Kestrel that a connection speaks HTTP/2, as TLS would have. Kestrel asks for ALPN's answer only where there is TLS; there is none, and the requests say so in their
/// <c>:scheme</c>.
/// </summary>
internal sealed class Http2Protocol : ITlsApplicationProtocolFeature, ITlsConnectionFeature
{
    public static Http2Protocol Instance { get; } = new();

    public ReadOnlyMemory<byte> ApplicationProtocol { get; } = "h2"u8.ToArray();

    public X509Certificate2? ClientCertificate { get; set; }

    public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult<X509Certificate2?>(null);
}
