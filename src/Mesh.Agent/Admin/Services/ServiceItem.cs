namespace Mesh.Agent.Admin.Services;

/// <summary>A service in the list of all.</summary>
/// <param name="Name">The logical name.</param>
/// <param name="InUse">Whether it was called or asked for within the last ten minutes.</param>
/// <param name="Endpoints">How many endpoints it has; absent where nobody asked for it yet.</param>
/// <param name="Usable">How many of them take calls.</param>
internal sealed record ServiceItem(string Name, bool InUse, int? Endpoints, int? Usable);
