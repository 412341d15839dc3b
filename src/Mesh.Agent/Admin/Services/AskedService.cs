using System.Diagnostics.CodeAnalysis;
using Mesh.Client;
using Mesh.Client.Services;

namespace Mesh.Agent.Admin.Services;

/// <summary>A service that somebody asks for by its name, which keeps it in use as a call would.</summary>
internal sealed class AskedService(MeshServices services, string name)
{
    // The suffix makes any name a service.
    private readonly Uri _uri = new($"http://{name}{MeshServices.Suffix}");

    /// <summary>Finds it, or puts it in use.</summary>
    /// <returns><see langword="null"/> where there are too many services.</returns>
    public MeshService? Find()
    {
        if (!services.TryGet(_uri, transport: null, out MeshService? service))
        {
            return null;
        }

        service.OnAsked(services.Engine.Clock.GetTimestamp());
        return service;
    }

    /// <summary>Waits for the first answer about it, or until there should have been one.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Find() is { } service)
            {
                await service.ResolveAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (MeshException)
        {
            // Nobody has answered, which what is known of it says too.
        }
    }

    /// <summary>What is known of it now.</summary>
    public bool TryRead([NotNullWhen(true)] out EndpointsAnswer? answer)
    {
        answer = Find() is { } service ? EndpointsAnswer.Of(ServiceReport.Of(service, services.Engine.Clock)) : null;
        return answer is not null;
    }
}
