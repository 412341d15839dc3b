using System.Collections.Immutable;
using Mesh.Client.Services;

namespace Mesh.Client.AspNetCore.Tests.Admin;

/// <summary>A mesh that cannot be looked at.</summary>
internal sealed class ThrowingStatus : IMeshStatus
{
    public ImmutableArray<ServiceStatus> GetServices() => throw new InvalidOperationException("a bug");

    public bool Isolate(string service, string endpoint) => false;

    public bool Release(string service, string endpoint) => false;
}
