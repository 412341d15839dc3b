using Quickstart.Measuring;

namespace Quickstart.Client;

/// <summary>Counts what the mesh sent again: it writes the number of the attempt into a request, as Envoy does.</summary>
internal sealed class RetryCounter(CallLog calls) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            if (request.Headers.TryGetValues("x-envoy-attempt-count", out IEnumerable<string>? values) && int.TryParse(values.Single(), out int attempts))
            {
                calls.AddRetries(attempts - 1);
            }
        }
    }
}
