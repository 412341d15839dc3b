using System.Net.Sockets;
using Mesh.Client.Model;

namespace Mesh.Client.Health;

/// <summary>The rules that <see cref="Outcome"/> states.</summary>
internal sealed class DefaultOutcomeClassifier : OutcomeClassifier
{
    public override Outcome Classify(HttpRequestMessage request, HttpResponseMessage? response, Exception? exception)
    {
        if (response is null)
        {
            // What is neither the network nor the clock came from this process, such as a content that could not be serialized.
            return exception is HttpRequestException or IOException or SocketException or TimeoutException ? Outcome.Failure : Outcome.Ignored;
        }

        return (int)response.StatusCode switch
        {
            < 429 => Outcome.Success,
            429 => UsedUpShare.IsToldBy(response) ? Outcome.Ignored : Outcome.Overloaded,
            503 when response.Headers.NonValidated.Contains("Retry-After") => Outcome.Overloaded,
            501 or < 500 => Outcome.Success,
            _ => Outcome.Failure,
        };
    }
}
