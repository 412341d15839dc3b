using Mesh.Client.Options;
using Mesh.Client.Retries;
using Polly;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts a pipeline of the user's own around the attempts of a service.</summary>
public static class ServiceOptionsPipelineExtensions
{
    /// <summary>
    /// Adds strategies around each attempt: after its endpoint is picked and its gate passed, before its request is sent, within its timeout. What they do
    /// to the attempt is judged like what the endpoint did, but an exception that did not come from the transport is nobody's fault and ends the call.
    /// Request, service, attempt number and endpoint are in the context's properties under <see cref="MeshResilienceKeys"/>. Later calls add inner
    /// strategies. One pipeline is made for each service and kept while the code stays the same. Not for synchronous calls.
    /// </summary>
    /// <param name="options">The service.</param>
    /// <param name="configure">Adds the strategies. Run at start and at each reload of the configuration; what it throws is an error of the options.</param>
    public static ServiceOptions ConfigurePipeline(this ServiceOptions options, Action<ResiliencePipelineBuilder<HttpResponseMessage>> configure)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(configure);
        options.Pipeline = options.Pipeline.Add(new PollyStep(configure));
        return options;
    }
}
