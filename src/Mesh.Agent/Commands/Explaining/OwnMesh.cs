using System.Collections;
using Mesh.Agent.Hosting;
using Mesh.Agent.Options;
using Mesh.Agent.Outbound;
using Mesh.Client;
using Mesh.Client.AspNetCore.Admin.Answers;
using Mesh.Client.Explaining;
using Mesh.Client.Options;
using Mesh.Client.Policies;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Agent.Commands.Explaining;

/// <summary>Explains by a mesh that is made for the one question: it asks the registries, and no endpoint.</summary>
internal static class OwnMesh
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    /// <summary>Explains a request as an agent with this configuration would treat it.</summary>
    /// <returns>The explanation, and whether the host is none of the mesh and passed through.</returns>
    public static async Task<(ExplanationAnswer Answer, bool Passes)> ExplainAsync(string? file, IDictionary environment, RequestLine line, CancellationToken cancellationToken)
    {
        using var configuration = new ConfigurationManager();
        AgentFile.Add(configuration, file, environment);

        // What the running agent keeps on disk is its own.
        configuration.AddInMemoryCollection([new($"{nameof(Mesh)}:{nameof(MeshOptions.Discovery)}:{nameof(DiscoveryOptions.CacheDirectory)}", "")]);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        AgentMesh.AddOutbound(services, configuration);
        ServiceProvider provider = services.BuildServiceProvider();
        await using (provider.ConfigureAwait(false))
        {
            line.TryCreate(out HttpRequestMessage? request, out _);
            using (request)
            {
                await LearnPoliciesAsync(provider, cancellationToken).ConfigureAwait(false);
                MeshExplanation explanation = await provider.GetRequiredService<IMeshExplain>().ExplainAsync(request!, cancellationToken).ConfigureAwait(false);
                bool passes = !explanation.IsService && ForeignHosts.Passes(AgentConfiguration.Read(configuration), line.Uri);
                return (ExplanationAnswers.Of(explanation), passes);
            }
        }
    }

    // A process that runs for long gets them when they come; here the question must wait for them.
    private static async Task LearnPoliciesAsync(ServiceProvider provider, CancellationToken cancellationToken)
    {
        TimeProvider clock = MeshFactory.Clock(provider);
        MeshConfiguration configuration = provider.GetRequiredService<MeshConfiguration>();
        var watches = provider.GetRequiredService<PolicyWatches>();
        long start = clock.GetTimestamp();
        if (watches.Status.IsEmpty)
        {
            return;
        }

        while (watches.Status.Any(static s => s.Age is null && s.Error is null) && clock.GetElapsedTime(start) < configuration.Current.Discovery.FirstResolveTimeout)
        {
            await Task.Delay(s_look, clock, cancellationToken).ConfigureAwait(false);
        }

        await Task.Delay(2 * MeshConfiguration.Debounce, clock, cancellationToken).ConfigureAwait(false);
    }
}
