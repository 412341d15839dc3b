using Mesh.Client.Model;

namespace Mesh.Client.Health;

/// <summary>Gives the one verdict on an attempt. Called once for each, when its response headers or its failure arrived.</summary>
public abstract class OutcomeClassifier
{
    /// <summary>Judges an attempt. Must not read the body, block or throw.</summary>
    /// <param name="request">The request as it was sent.</param>
    /// <param name="response">The response, or <see langword="null"/> where there was none.</param>
    /// <param name="exception">
    /// The failure, or <see langword="null"/> where there was a response. The full attempt timeout is a <see cref="TimeoutException"/>; the caller's
    /// cancellation never gets here.
    /// </param>
    public abstract Outcome Classify(HttpRequestMessage request, HttpResponseMessage? response, Exception? exception);
}
