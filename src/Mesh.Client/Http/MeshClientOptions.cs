using System.ComponentModel.DataAnnotations;
using Mesh.Client.Options;

namespace Mesh.Client.Http;

/// <summary>What one HTTP client sets for itself. Anything left out is the service's.</summary>
public sealed class MeshClientOptions
{
    /// <summary>For the whole call until its response headers, in place of the service's <c>Timeout</c>; <see cref="TimeSpan.Zero"/> is no limit.</summary>
    /// <value>Default: the service's; from 00:00:00 to 1.00:00:00.</value>
    [DurationRange("00:00:00", "1.00:00:00")]
    public TimeSpan? Timeout { get; set; }

    /// <summary>For one attempt until its response headers, in place of the service's <c>AttemptTimeout</c>; <see cref="TimeSpan.Zero"/> is no limit.</summary>
    /// <value>Default: the service's; from 00:00:00 to 1.00:00:00.</value>
    [DurationRange("00:00:00", "1.00:00:00")]
    public TimeSpan? AttemptTimeout { get; set; }

    /// <summary>The number of attempts, the first included, in place of the service's <c>Retry:MaxAttempts</c>; 1 turns retries off.</summary>
    /// <value>Default: the service's; from 1 to 20.</value>
    [Range(1, 20)]
    public int? MaxAttempts { get; set; }

    /// <summary>Whether the mesh attaches: set by <c>AddMesh</c> and <c>RemoveMesh</c> on the client's builder, otherwise <c>Mesh:AttachToAllClients</c> decides.</summary>
    internal bool? Attach { get; set; }
}
