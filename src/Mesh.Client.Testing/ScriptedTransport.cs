using System.Collections.Concurrent;
using Mesh.Client.Model;

namespace Mesh.Client.Testing;

/// <summary>
/// Endpoints that follow a script instead of running: replies, refused connections, resets, hanging and slow calls, without a server or a socket.
/// </summary>
/// <remarks>
/// <code>
/// var clock = new ManualTimeProvider();
/// var transport = new ScriptedTransport(clock);
/// transport["10.0.0.1:80"].RefuseConnection().Always();
/// services.AddMesh(mesh => mesh.UseScriptedTransport(transport).UseTimeProvider(clock));
/// </code>
/// </remarks>
public sealed class ScriptedTransport
{
    private readonly ConcurrentDictionary<string, ScriptedEndpoint> _endpoints = new(StringComparer.OrdinalIgnoreCase);
    private readonly TimeProvider _timeProvider;

    /// <summary>Makes a transport whose endpoints answer <c>200 OK</c> until they are scripted.</summary>
    /// <param name="timeProvider">What <see cref="ScriptedEndpoint.Delay"/> waits on; by default <see cref="TimeProvider.System"/>.</param>
    public ScriptedTransport(TimeProvider? timeProvider = null) => _timeProvider = timeProvider ?? TimeProvider.System;

    /// <summary>The endpoint with an address, made on first use. The same as <see cref="Endpoint"/>.</summary>
    /// <param name="authority">The address as <c>host:port</c>, such as <c>10.0.0.1:80</c> or <c>[::1]:80</c>; not case-sensitive.</param>
    /// <exception cref="ArgumentException">The address is malformed.</exception>
    public ScriptedEndpoint this[string authority] => Endpoint(authority);

    /// <summary>The endpoint with an address, made on first use.</summary>
    /// <param name="authority">The address as <c>host:port</c>, such as <c>10.0.0.1:80</c> or <c>[::1]:80</c>; not case-sensitive.</param>
    /// <exception cref="ArgumentException">The address is malformed.</exception>
    public ScriptedEndpoint Endpoint(string authority) => At(EndpointAuthority.Parse(authority, nameof(authority)));

    /// <summary>Makes the handler through which calls reach an endpoint, as <c>mesh.UseTransport(transport.CreateHandler)</c> wants it. All handlers of one address share one script.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <returns>A handler for asynchronous and synchronous calls; the one who asked disposes it.</returns>
    public HttpMessageHandler CreateHandler(MeshEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return new ScriptedHandler(At(endpoint), _timeProvider);
    }

    private ScriptedEndpoint At(MeshEndpoint endpoint) =>
        _endpoints.GetOrAdd(endpoint.Authority, static (authority, timeProvider) => new ScriptedEndpoint(authority, timeProvider), _timeProvider);
}
