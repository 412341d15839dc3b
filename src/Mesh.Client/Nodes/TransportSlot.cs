using Mesh.Client.Model;

namespace Mesh.Client.Nodes;

/// <summary>The connections of one endpoint, made at its first call and given up with it.</summary>
internal struct TransportSlot
{
    private volatile HttpMessageInvoker? _made;

    /// <summary>The transport; where two calls come at once, both get the same.</summary>
    public HttpMessageInvoker Get(MeshEndpoint endpoint, INodeOwner owner) => _made ?? Make(endpoint, owner);

    /// <summary>Takes it out. The next call makes a new one.</summary>
    /// <returns>What was there, to be disposed when nothing can be about to use it any more.</returns>
    public HttpMessageInvoker? Take() => Interlocked.Exchange(ref _made, null);

    private HttpMessageInvoker Make(MeshEndpoint endpoint, INodeOwner owner)
    {
        HttpMessageInvoker made = owner.CreateTransport(endpoint);
        HttpMessageInvoker? first = Interlocked.CompareExchange(ref _made, made, null);
        if (first is null)
        {
            return made;
        }

        made.Dispose();
        return first;
    }
}
