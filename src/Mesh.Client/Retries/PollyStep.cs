using Mesh.Client.Model;
using Polly;

namespace Mesh.Client.Retries;

/// <summary>A step of the user's own pipeline, written for Polly.</summary>
internal sealed class PollyStep(Action<ResiliencePipelineBuilder<HttpResponseMessage>> configure) : PipelineStep
{
    public override Delegate Code => configure;

    public override string? Fault()
    {
        try
        {
            var builder = new ResiliencePipelineBuilder<HttpResponseMessage>();
            Configure(builder);
            builder.Build();
            return null;
        }
        catch (Exception error)
        {
            return $"threw {error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}";
        }
    }

    public void Configure(ResiliencePipelineBuilder<HttpResponseMessage> builder) => configure(builder);
}
