using System.Collections.Concurrent;
using Mesh.IntegrationTests.Certificates;
using Mesh.IntegrationTests.Grpc.Peers;
using Mesh.IntegrationTests.Grpc.Support;

namespace Mesh.IntegrationTests.Grpc.Interop;

/// <summary>The foreign servers of the interop cases, each started by the first test that asks for it, and the ways to them.</summary>
public sealed class InteropPeers : IAsyncLifetime
{
    private readonly TestAuthority _authority = new();
    private readonly ConcurrentDictionary<(PeerKind, bool), Lazy<Task<GrpcPeer>>> _peers = new();
    private readonly ConcurrentDictionary<(PeerKind, bool, bool), GrpcCaller> _callers = new();

    /// <summary>Each kind of server, with and without TLS, through the mesh and directly.</summary>
    public static TheoryData<PeerKind, bool, bool> Ways
    {
        get
        {
            TheoryData<PeerKind, bool, bool> ways = [];
            foreach (PeerKind kind in Enum.GetValues<PeerKind>())
            {
                ways.Add(kind, false, false);
                ways.Add(kind, false, true);
                ways.Add(kind, true, false);
                ways.Add(kind, true, true);
            }

            return ways;
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (GrpcCaller caller in _callers.Values)
        {
            caller.Dispose();
        }

        foreach (Lazy<Task<GrpcPeer>> peer in _peers.Values)
        {
            if (peer.Value.IsCompletedSuccessfully)
            {
                await (await peer.Value).DisposeAsync();
            }
        }

        _authority.Dispose();
    }

    internal Task<GrpcPeer> PeerAsync(PeerKind kind, bool tls) =>
        _peers.GetOrAdd((kind, tls), key => new(() => GrpcPeer.StartAsync(key.Item1, new() { Name = key.ToString() }, key.Item2 ? _authority : null))).Value;

    /// <summary>The way to a server that the cases share.</summary>
    internal async Task<GrpcCaller> CallerAsync(PeerKind kind, bool tls, bool mesh)
    {
        GrpcPeer peer = await PeerAsync(kind, tls);
        return _callers.GetOrAdd((kind, tls, mesh), _ => Create(peer, tls, mesh));
    }

    /// <summary>A way to a server with a mesh, or connections, of its own.</summary>
    internal async Task<GrpcCaller> CreateAsync(PeerKind kind, bool tls, bool mesh) => Create(await PeerAsync(kind, tls), tls, mesh);

    private GrpcCaller Create(GrpcPeer peer, bool tls, bool mesh) => mesh ? GrpcMesh.Create([peer.Address], tls ? _authority : null) : peer.CreateDirect();
}
