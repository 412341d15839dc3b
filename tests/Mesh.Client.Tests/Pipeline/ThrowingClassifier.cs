using Mesh.Client.Health;
using Mesh.Client.Model;

namespace Mesh.Client.Tests.Pipeline;

/// <summary>Judges by the house's rules, and throws, which it must not, where the request asks for that.</summary>
internal sealed class ThrowingClassifier : OutcomeClassifier
{
    /// <summary>The header that makes it throw.</summary>
    public const string Header = "x-throw";

    private readonly DefaultOutcomeClassifier _rules = new();

    public override Outcome Classify(HttpRequestMessage request, HttpResponseMessage? response, Exception? exception) =>
        request.Headers.NonValidated.Contains(Header) ? throw new InvalidOperationException("the classifier has a bug") : _rules.Classify(request, response, exception);
}
