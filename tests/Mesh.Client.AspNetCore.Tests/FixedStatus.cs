using System.Collections.Immutable;
using Mesh.Client.Services;

namespace Mesh.Client.AspNetCore.Tests;

/// <summary>A mesh that knows what a test says.</summary>
internal sealed class FixedStatus(ServiceStatus[] services) : IMeshStatus
{
    public ImmutableArray<ServiceStatus> GetServices() => [.. services];

    public bool Isolate(string service, string endpoint) => false;

    public bool Release(string service, string endpoint) => false;
}
