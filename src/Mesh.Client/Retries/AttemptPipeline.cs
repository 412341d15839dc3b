using System.Collections.Immutable;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Telemetry.Tracing;
using Polly;

namespace Mesh.Client.Retries;

/// <summary>The user's own strategies around each attempt of a service, from <c>ConfigurePipeline</c>. Only policies that ask for it have one.</summary>
internal sealed class AttemptPipeline
{
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    private AttemptPipeline(ImmutableArray<PipelineStep> steps, ResiliencePipeline<HttpResponseMessage> pipeline)
    {
        Steps = steps;
        _pipeline = pipeline;
    }

    /// <summary>What it was made of.</summary>
    public ImmutableArray<PipelineStep> Steps { get; }

    /// <summary>Makes the pipeline of a service.</summary>
    /// <param name="steps">The steps, the outermost first; validation has tried them.</param>
    /// <param name="serviceName">The service.</param>
    /// <param name="timeProvider">The mesh's clock.</param>
    public static AttemptPipeline Create(ImmutableArray<PipelineStep> steps, string serviceName, TimeProvider timeProvider)
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = timeProvider, Name = "mesh", InstanceName = serviceName };
        foreach (PipelineStep step in steps)
        {
            ((PollyStep)step).Configure(builder);
        }

        return new AttemptPipeline(steps, builder.Build());
    }

    /// <summary>Sends one attempt through the strategies to the node's transport.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, EndpointNode node, string serviceName, int attemptNumber, CancellationToken cancellationToken)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellationToken);
        try
        {
            context.Properties.Set(MeshResilienceKeys.Request, request);
            context.Properties.Set(MeshResilienceKeys.ServiceName, serviceName);
            context.Properties.Set(MeshResilienceKeys.AttemptNumber, attemptNumber);
            context.Properties.Set(MeshResilienceKeys.Endpoint, node.Endpoint);
            return await _pipeline.ExecuteAsync(
                static async (c, way) => await Hand(way.Request, way.Node, c.CancellationToken).ConfigureAwait(false),
                context,
                (Request: request, Node: node)).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    // Within the strategies, which may send something of their own, or once more.
    private static Task<HttpResponseMessage> Hand(HttpRequestMessage request, EndpointNode node, CancellationToken cancellationToken) => AttemptPeer.IsOn
        ? AttemptPeer.SendAsync(node.Transport, node.Endpoint, request, cancellationToken)
        : node.Transport.SendAsync(request, cancellationToken);
}
