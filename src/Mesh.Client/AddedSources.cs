using Mesh.Client.Discovery;

namespace Mesh.Client;

/// <summary>The sources that were added in code, each made once, when they are first asked for.</summary>
internal sealed class AddedSources
{
    private readonly Lazy<IReadOnlyList<IEndpointSource>> _all;
    private int _maker;

    public AddedSources(IServiceProvider services, MeshSetup setup)
    {
        _all = new(() =>
        {
            _maker = Environment.CurrentManagedThreadId;
            IReadOnlyList<IEndpointSource> made = [.. setup.Sources.Select(create => create(services))];
            _maker = 0;
            return made;
        });
    }

    /// <summary>The sources in their order.</summary>
    /// <exception cref="InvalidOperationException">A source that is being made asked for the mesh itself.</exception>
    public IReadOnlyList<IEndpointSource> All => _maker != Environment.CurrentManagedThreadId
        ? _all.Value
        : throw new InvalidOperationException(
            "A source of endpoints asked for an HTTP client of the mesh while it was made, and the mesh needs its sources first. Take that client out of the mesh: services.AddHttpClient(name).RemoveMesh().");
}
