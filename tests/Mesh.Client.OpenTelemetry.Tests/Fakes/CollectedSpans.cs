using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Mesh.Client.OpenTelemetry.Tests.Fakes;

/// <summary>The spans that the OpenTelemetry SDK was given.</summary>
internal sealed class CollectedSpans : IDisposable
{
    private readonly Keeper _keeper = new();
    private readonly TracerProvider _provider;

    public CollectedSpans(Sampler? sampler = null) =>
        _provider = Sdk.CreateTracerProviderBuilder().AddMeshInstrumentation().SetSampler(sampler ?? new AlwaysOnSampler()).AddProcessor(_keeper).Build();

    public Activity[] All => [.. _keeper.Ended];

    public Activity[] Calls => [.. All.Where(static s => s.Source.Name == "Mesh.Client")];

    /// <summary>The one call.</summary>
    public Activity Call => Assert.Single(Calls);

    /// <summary>The runtime's own spans, in the order in which they began.</summary>
    public Activity[] Attempts => [.. All.Where(static s => s.Source.Name == "System.Net.Http").OrderBy(static s => s.StartTimeUtc)];

    public void Dispose() => _provider.Dispose();

    private sealed class Keeper : BaseProcessor<Activity>
    {
        public ConcurrentQueue<Activity> Ended { get; } = new();

        public override void OnEnd(Activity data) => Ended.Enqueue(data);
    }
}
