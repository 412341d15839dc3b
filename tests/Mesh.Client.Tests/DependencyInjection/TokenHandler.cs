using System.Net.Http.Headers;

namespace Mesh.Client.Tests.DependencyInjection;

/// <summary>An auth handler that takes a new token for each call that it sees.</summary>
internal sealed class TokenHandler : DelegatingHandler
{
    private int _tokens;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", $"token {++_tokens}");
        return base.SendAsync(request, cancellationToken);
    }
}
